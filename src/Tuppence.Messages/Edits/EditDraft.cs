using System.Runtime.InteropServices;
using Tuppence.Messages.Requests;

namespace Tuppence.Messages.Edits;

/// <summary>
/// A body on its way through the edits: what was decided so far, over the index of the original. Edits ask it for effective
/// values and tell it their changes; the byte ranges are made at the end, so that no byte is touched twice.
/// </summary>
public sealed class EditDraft
{
    private readonly List<Overlay> overlays = [];
    private readonly List<AppliedEdit> applied = [];
    private readonly List<HeaderEdit> headers = [];
    private string? model;
    private bool modelKnown;

    internal EditDraft()
    {
    }

    /// <summary>The index of the original.</summary>
    public MessageBody Body { get; } = new();

    /// <summary>What is known beside the body.</summary>
    public EditContext Context { get; internal set; }

    /// <summary>Whether an alias or a preset took part: then fields are fitted to the model, which the client did not choose itself.</summary>
    public bool IsDirected { get; set; }

    /// <summary>Why an edit cannot be applied, or null.</summary>
    public BodyFault? Fault { get; private set; }

    /// <summary>Effective <c>model</c>, or null where it is absent or no string.</summary>
    public string? Model
    {
        get
        {
            if (!modelKnown)
            {
                model = TryGet("model"u8, out var value) && value[0] == '"' ? JsonText.Decode(value) : null;
                modelKnown = true;
            }

            return model;
        }
    }

    internal Splices Splices { get; } = new();

    internal IReadOnlyList<AppliedEdit> Applied => applied;

    internal IReadOnlyList<HeaderEdit> Headers => headers;

    internal ReadOnlySpan<Overlay> Overlays => CollectionsMarshal.AsSpan(overlays);

    internal bool DropsTtls { get; private set; }

    internal bool EndsWithInsertedMessage { get; private set; }

    internal ReadOnlyMemory<byte> Preamble { get; private set; }

    internal Snippet? SystemTail { get; private set; }

    /// <summary>The effective value of a top-level member, as written; false where it is absent.</summary>
    public bool TryGet(ReadOnlySpan<byte> name, out ReadOnlySpan<byte> value)
    {
        foreach (var overlay in Overlays)
        {
            if (name.SequenceEqual(overlay.Name.Span))
            {
                value = overlay.Value is null ? default : overlay.Value.Bytes.Span;
                return overlay.Value is not null;
            }
        }

        var found = Body.TryFind(name, out var member);
        value = found ? member.Value.Of(Body.Bytes.Span) : default;
        return found;
    }

    /// <summary>Whether thinking is on: <c>thinking.type</c> is there and is not <c>disabled</c>.</summary>
    public bool IsThinking =>
        TryGet("thinking"u8, out var thinking) && JsonText.TryMember(thinking, "type"u8, out var type) && !JsonText.Means(type, "disabled"u8);

    /// <summary>Gives a top-level member a value; one that is not there is added at the end.</summary>
    public void Set(ReadOnlyMemory<byte> name, ReadOnlyMemory<byte> value) => Put(new Overlay(name, Snippet.Plain(value)));

    /// <summary>Takes a top-level member out, every one of that name.</summary>
    public void Remove(ReadOnlyMemory<byte> name) => Put(new Overlay(name, null));

    /// <summary>Says what was done.</summary>
    public void Report(string edit, string detail) => applied.Add(new AppliedEdit(edit, detail));

    /// <summary>Says that an edit cannot be applied; the request ends here.</summary>
    public void Fail(string edit, int position, string what) => Fault ??= BodyFault.Edit(edit, Body.Bytes.Span, position, what);

    internal void Set(ReadOnlyMemory<byte> name, Snippet value) => Put(new Overlay(name, value));

    internal void PrependSystem(string edit, ReadOnlyMemory<byte> block)
    {
        CheckSystem(edit);
        Preamble = block;
    }

    internal void AppendSystem(string edit, Snippet blocks)
    {
        CheckSystem(edit);
        SystemTail = blocks;
    }

    internal void AddHeader(HeaderEdit header) => headers.Add(header);

    /// <summary>Puts a message, written with a comma before it, behind the message at an index; -1: as the first.</summary>
    internal void InsertMessage(int behind, ReadOnlyMemory<byte> commaAndMessage)
    {
        var messages = Body.Messages;
        EndsWithInsertedMessage = behind == messages.Length - 1;
        if (behind >= 0)
        {
            Splices.Insert(messages[behind].Range.End, commaAndMessage);
        }
        else if (Body.TryFind("messages"u8, out var member))
        {
            Splices.Insert(member.Value.Start + 1, commaAndMessage[1..]);
        }
    }

    /// <summary>Drops <c>ttl</c> wherever a cache_control is. Answers the number of places.</summary>
    internal int DropTtls()
    {
        DropsTtls = true;
        var count = SystemTail?.Ttls ?? 0;
        foreach (var overlay in Overlays)
        {
            count += overlay.Value?.Ttls ?? 0;
        }

        foreach (ref readonly var ttl in Body.CacheTtls)
        {
            Splices.Remove(ttl);
        }

        return count + Body.CacheTtls.Length;
    }

    /// <summary>Reads a body into this draft.</summary>
    internal BodyFault? Begin(ReadOnlyMemory<byte> body, in EditContext context)
    {
        Context = context;
        return Fault = Body.Read(body, context.MaxDepth == 0 ? MessageBody.DefaultMaxDepth : context.MaxDepth);
    }

    /// <summary>Turns what was decided into splices.</summary>
    internal void Finish()
    {
        // Members that are added stand behind all others, and so behind what is put into a system member that is the last.
        SystemWriter.Write(this);
        TopLevelWriter.Write(this);
    }

    internal ReadOnlyMemory<byte> BytesOf(Snippet snippet) => DropsTtls ? snippet.WithoutTtl : snippet.Bytes;

    internal void Clear()
    {
        Body.Clear();
        Splices.Clear();
        overlays.Clear();
        applied.Clear();
        headers.Clear();
        (IsDirected, DropsTtls, EndsWithInsertedMessage, modelKnown) = (false, false, false, false);
        (Fault, model, Preamble, SystemTail) = (null, null, default, null);
    }

    private void CheckSystem(string edit)
    {
        if (Body.TryFind("system"u8, out var member) && Body.Bytes.Span[member.Value.Start] is not ((byte)'"' or (byte)'[' or (byte)'n'))
        {
            Fail(edit, member.Value.Start, "\"system\" must be a string or an array of text blocks");
        }
    }

    private void Put(Overlay overlay)
    {
        modelKnown &= !overlay.Name.Span.SequenceEqual("model"u8);
        var index = overlays.FindIndex(other => other.Name.Span.SequenceEqual(overlay.Name.Span));
        if (index < 0)
        {
            overlays.Add(overlay);
        }
        else
        {
            overlays[index] = overlay;
        }
    }
}
