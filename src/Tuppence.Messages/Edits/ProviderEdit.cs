using Tuppence.Messages.Requests;

namespace Tuppence.Messages.Edits;

/// <summary>Fits one body to what a provider takes: its name for the model, members that move to the path, members that come from headers.</summary>
/// <param name="provider">Name of the provider; the edit is called <c>provider:NAME</c>.</param>
/// <param name="modelId">The provider's id of a model.</param>
/// <remarks>Made for one request: it keeps what it found.</remarks>
public sealed class ProviderEdit(string provider, Func<string, string> modelId) : IEdit
{
    private static readonly byte[] ModelMember = "model"u8.ToArray();
    private static readonly byte[] StreamMember = "stream"u8.ToArray();
    private static readonly byte[] VersionMember = "anthropic_version"u8.ToArray();
    private static readonly byte[] BetaMember = "anthropic_beta"u8.ToArray();
    private static readonly byte[] ProfileMember = "user_profile_id"u8.ToArray();

    private readonly List<string> done = [];

    /// <inheritdoc/>
    public string Name => "provider:" + provider;

    /// <summary>Whether <c>model</c> goes, since the path holds it.</summary>
    public bool RemovesModel { get; init; }

    /// <summary>Whether <c>stream</c> goes, since the path says it.</summary>
    public bool RemovesStream { get; init; }

    /// <summary>Value of <c>anthropic_version</c> where the body has none, or null.</summary>
    public string? Version { get; init; }

    /// <summary>Values of <c>anthropic_beta</c> where the body has none.</summary>
    public IReadOnlyList<string> Betas { get; init; } = [];

    /// <summary>Value of <c>user_profile_id</c> where the body has none, or null.</summary>
    public string? UserProfile { get; init; }

    /// <summary>Further things that were done for this request, for the report.</summary>
    public IReadOnlyList<string> AlsoDone { get; init; } = [];

    /// <summary>What else has to be done on the body, noting what was done; null: nothing. It may fail the draft.</summary>
    public Action<EditDraft, List<string>>? Fit { get; init; }

    /// <summary>The provider's id of the model, once applied; null where the body names none.</summary>
    public string? Model { get; private set; }

    /// <summary>Whether the body asks for a stream, once applied.</summary>
    public bool Streams { get; private set; }

    /// <inheritdoc/>
    public void Apply(EditDraft draft)
    {
        if (!TryModel(draft) || !TryStream(draft))
        {
            return;
        }

        Fit?.Invoke(draft, done);
        Add(draft, VersionMember, "anthropic_version", Version);
        AddBetas(draft);
        Add(draft, ProfileMember, "user_profile_id", UserProfile);
        done.AddRange(AlsoDone);
        if (done.Count > 0)
        {
            draft.Report(Name, string.Join(", ", done));
        }
    }

    private bool TryModel(EditDraft draft)
    {
        if (draft.Model is not { } model)
        {
            if (RemovesModel)
            {
                draft.Fail(Name, draft.Body.Root.Start, "\"model\" must be a string");
            }

            return !RemovesModel;
        }

        Model = modelId(model);
        if (Model != model)
        {
            done.Add($"model {model} to {Model}");
        }

        if (RemovesModel && Model.Trim('.').Length == 0)
        {
            // As a segment of the path it would lead out of it.
            draft.Fail(Name, draft.Body.Root.Start, "\"model\" is not a name");
            return false;
        }

        if (RemovesModel)
        {
            done.Add("model moved to the path");
            draft.Remove(ModelMember);
        }
        else if (Model != model)
        {
            draft.Set(ModelMember, JsonText.Quote(Model));
        }

        return true;
    }

    private bool TryStream(EditDraft draft)
    {
        if (!draft.TryGet(StreamMember, out var value) || value.SequenceEqual("null"u8))
        {
            Streams = false;
        }
        else if (!value.SequenceEqual("true"u8) && !value.SequenceEqual("false"u8))
        {
            draft.Fail(Name, draft.Body.Root.Start, "\"stream\" must be true or false");
            return false;
        }
        else
        {
            Streams = value[0] == 't';
        }

        if (RemovesStream && draft.TryGet(StreamMember, out _))
        {
            done.Add("stream moved to the path");
            draft.Remove(StreamMember);
        }

        return true;
    }

    private void Add(EditDraft draft, byte[] member, string name, string? value)
    {
        if (value is not null && !draft.TryGet(member, out _))
        {
            draft.Set(member, JsonText.Quote(value));
            done.Add($"{name} added");
        }
    }

    private void AddBetas(EditDraft draft)
    {
        if (Betas.Count == 0 || draft.TryGet(BetaMember, out _))
        {
            return;
        }

        var list = new List<byte> { (byte)'[' };
        foreach (var beta in Betas)
        {
            list.AddRange(list.Count > 1 ? ","u8 : default);
            list.AddRange(JsonText.Quote(beta));
        }

        list.Add((byte)']');
        draft.Set(BetaMember, list.ToArray());
        done.Add("anthropic_beta added");
    }
}
