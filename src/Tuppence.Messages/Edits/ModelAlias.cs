using Tuppence.Messages.Requests;

namespace Tuppence.Messages.Edits;

/// <summary>Gives a request the model that a name stands for, where the front end can choose from a fixed list alone.</summary>
/// <param name="aliases">Names and what each means. Exact match; not followed further.</param>
public sealed class ModelAlias(IReadOnlyDictionary<string, string> aliases) : IEdit
{
    private static readonly byte[] Member = "model"u8.ToArray();

    private readonly Dictionary<string, byte[]> targets =
        aliases.ToDictionary(alias => alias.Key, alias => JsonText.Quote(alias.Value), StringComparer.Ordinal);

    /// <inheritdoc/>
    public string Name => "model-alias";

    /// <inheritdoc/>
    public bool Concerns(ReadOnlySpan<byte> body) => BodyPeek.TryModel(body, out var model) && targets.ContainsKey(model);

    /// <inheritdoc/>
    public void Apply(EditDraft draft)
    {
        if (draft.Model is { } model && targets.TryGetValue(model, out var target))
        {
            draft.Set(Member, target);
            draft.IsDirected = true;
            draft.Report(Name, $"{model} to {draft.Model}");
        }
    }
}
