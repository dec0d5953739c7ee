namespace Tuppence.Messages.Edits;

/// <summary>A declared change to a request body: deterministic, and applied to its own result it changes nothing.</summary>
public interface IEdit
{
    /// <summary>Name as it stands in <c>x-tuppence-edits</c>, such as <c>sampling-filter</c>.</summary>
    string Name { get; }

    /// <summary>
    /// Whether the edit may have to do with this body by itself. False keeps the body from being indexed at all, unless another
    /// edit asks for it; the edit then still gets to see the draft.
    /// </summary>
    bool Concerns(ReadOnlySpan<byte> body) => true;

    /// <summary>Makes its changes in the draft, and reports them there. It sees the effect of the edits before it.</summary>
    void Apply(EditDraft draft);
}
