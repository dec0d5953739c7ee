using Tuppence.Messages.Requests;

namespace Tuppence.Messages.Edits;

/// <summary>What became of a body: a fault, or the changes to be made while it is copied. Dispose of it once the bytes are copied.</summary>
public sealed class EditOutcome : IDisposable
{
    private readonly ReadOnlyMemory<byte> original;
    private EditDraft? draft;

    internal EditOutcome(ReadOnlyMemory<byte> original, EditDraft? draft)
    {
        this.original = original;
        this.draft = draft;
        Length = original.Length;
        if (draft is null)
        {
            return;
        }

        Fault = draft.Fault;
        Model = draft.Model;
        if (Fault is null)
        {
            Changed = !draft.Splices.IsEmpty;
            Length = draft.Splices.OutputLength(original.Length);
            Applied = draft.Applied.Count == 0 ? [] : [.. draft.Applied];
            Headers = draft.Headers.Count == 0 ? [] : [.. draft.Headers];
        }
    }

    /// <summary>Why the body is malformed, or which edit cannot be applied; null where all is well.</summary>
    public BodyFault? Fault { get; }

    /// <summary>Whether the body changes. Where not, send the original.</summary>
    public bool Changed { get; }

    /// <summary>Length in bytes of the body as it is to be sent.</summary>
    public int Length { get; }

    /// <summary>The model that the edited body names, or null where it names none or no edit looked at the body.</summary>
    public string? Model { get; }

    /// <summary>The edits that were made, in their order.</summary>
    public IReadOnlyList<AppliedEdit> Applied { get; } = [];

    /// <summary>Headers that the edits bring.</summary>
    public IReadOnlyList<HeaderEdit> Headers { get; } = [];

    /// <summary>The changes by place in the original, for showing them. Empty after disposal.</summary>
    public ReadOnlySpan<Splice> Splices => draft is null ? default : draft.Splices.Items;

    /// <summary>Writes the body as it is to be sent: <see cref="Length"/> bytes.</summary>
    /// <exception cref="ArgumentException"><paramref name="destination"/> is too short.</exception>
    /// <exception cref="ObjectDisposedException">The outcome was disposed of and the body changes.</exception>
    public void CopyTo(Span<byte> destination)
    {
        if (!Changed)
        {
            original.Span.CopyTo(destination);
            return;
        }

        ObjectDisposedException.ThrowIf(draft is null, this);
        draft.Splices.CopyTo(original.Span, destination);
    }

    /// <summary>Gives the index back for the next request.</summary>
    public void Dispose()
    {
        if (draft is { } used)
        {
            draft = null;
            EditList.Return(used);
        }
    }
}
