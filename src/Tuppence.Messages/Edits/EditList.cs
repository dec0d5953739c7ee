namespace Tuppence.Messages.Edits;

/// <summary>The edits of a route and upstream in their order, compiled once and used by all its requests. Thread-safe.</summary>
public sealed class EditList
{
    /// <summary>No edits: every body passes as it is.</summary>
    public static readonly EditList None = new([]);

    // A draft keeps its arrays, so that a steady stream of requests allocates next to nothing.
    [ThreadStatic]
    private static EditDraft? spare;

    private readonly IEdit[] edits;

    /// <summary>Edits to be made in this order. <see cref="EditSettings.Compile"/> knows the order that makes sense.</summary>
    public EditList(IReadOnlyList<IEdit> edits) => this.edits = [.. edits];

    /// <summary>True where no body needs to be looked at.</summary>
    public bool IsEmpty => edits.Length == 0;

    /// <summary>The edits in their order.</summary>
    public IReadOnlyList<IEdit> Edits => edits;

    /// <summary>
    /// Applies the edits. A body that none of them concerns is not read and passes even where it is malformed.
    /// The outcome refers to <paramref name="body"/>, which must not change before it is disposed of.
    /// </summary>
    public EditOutcome Apply(ReadOnlyMemory<byte> body, in EditContext context)
    {
        if (!AnyConcerns(body.Span))
        {
            return new EditOutcome(body, null);
        }

        var draft = spare ?? new EditDraft();
        spare = null;
        if (draft.Begin(body, context) is null)
        {
            foreach (var edit in edits)
            {
                edit.Apply(draft);
                if (draft.Fault is not null)
                {
                    break;
                }
            }

            if (draft.Fault is null)
            {
                draft.Finish();
            }
        }

        return new EditOutcome(body, draft);
    }

    internal static void Return(EditDraft draft)
    {
        draft.Clear();
        spare = draft;
    }

    private bool AnyConcerns(ReadOnlySpan<byte> body)
    {
        foreach (var edit in edits)
        {
            if (edit.Concerns(body))
            {
                return true;
            }
        }

        return false;
    }
}
