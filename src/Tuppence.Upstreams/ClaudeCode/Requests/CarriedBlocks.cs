using System.Globalization;
using Tuppence.Messages.Edits;
using Tuppence.Messages.Requests;

namespace Tuppence.Upstreams.ClaudeCode.Requests;

/// <summary>The blocks of messages. What the program would drop or change by itself is refused, or said.</summary>
internal sealed class CarriedBlocks(EditDraft draft, List<string> done)
{
    private static readonly string[] OfUsers = ["text", "image", "document", "search_result", "tool_result"];
    private static readonly string[] OfAssistants = ["text", "thinking", "redacted_thinking", "tool_use"];

    private readonly bool isAlias = draft.Model is { } model && !model.StartsWith("claude-", StringComparison.Ordinal);
    private int images;
    private int citations;
    private int thoughts;

    /// <summary>Checks one message.</summary>
    public void Fit(in BodyMessage message)
    {
        var bytes = draft.Body.Bytes.Span;
        var content = message.Content.Of(bytes);
        if (content[0] == '"')
        {
            RefuseBlank(message.Content);
            return;
        }

        var allowed = message.Role == MessageRole.Assistant ? OfAssistants : OfUsers;
        if (content[0] != '[' || message.BlockCount == 0)
        {
            CarriedRequest.Refuse(draft, message.Content.Start, "\"content\" must be a text or an array of at least one block");
            return;
        }

        foreach (ref readonly var block in draft.Body.BlocksOf(message))
        {
            var type = block.Type.IsEmpty || bytes[block.Type.Start] != '"' ? "" : JsonText.Decode(block.Type.Of(bytes));
            if (Array.IndexOf(allowed, type) < 0)
            {
                CarriedRequest.Refuse(draft, block.Range.Start, "Claude Code carries no such block from there; it carries " + string.Join(", ", allowed));
                return;
            }

            Block(type, block, message.Role);
        }
    }

    /// <summary>Says what was found.</summary>
    public void Say()
    {
        Say(images, "large images are made smaller");
        Say(citations, "assistant texts lose their citations");
        Say(thoughts, "thinking blocks dropped (the model is named by an alias)");
    }

    private void Say(int count, string what)
    {
        if (count > 0)
        {
            done.Add(string.Create(CultureInfo.InvariantCulture, $"{count} {what}"));
        }
    }

    private void Block(string type, in BodyBlock block, MessageRole role)
    {
        var json = block.Range.Of(draft.Body.Bytes.Span);
        switch (type)
        {
            case "text" when block.Text.IsEmpty || draft.Body.Bytes.Span[block.Text.Start] != '"':
                CarriedRequest.Refuse(draft, block.Range.Start, "a text block must have a \"text\"");
                break;
            case "text":
                RefuseBlank(block.Text);
                citations += role == MessageRole.Assistant && JsonText.TryMember(json, "citations"u8, out var cited) && cited.Length > 2 && cited[0] == '[' ? 1 : 0;
                break;
            case "image" or "document":
                Source(type, json, block.Range.Start);
                break;
            case "tool_result" when JsonText.TryMember(json, "content"u8, out var content) && content[0] == '[':
                Inner(content, block.Range.Start);
                break;
            case "thinking" or "redacted_thinking":
                thoughts += isAlias ? 1 : 0;
                break;
        }
    }

    private void RefuseBlank(ByteRange text)
    {
        if (JsonText.IsBlank(text.Of(draft.Body.Bytes.Span)))
        {
            CarriedRequest.Refuse(draft, text.Start, "a text is empty or blank, which the API refuses; remove it");
        }
    }

    private void Source(string type, ReadOnlySpan<byte> json, int position)
    {
        if (!JsonText.TryMember(json, "source"u8, out var source) || !JsonText.TryMember(source, "type"u8, out var kind))
        {
            CarriedRequest.Refuse(draft, position, $"the block \"{type}\" must have a \"source\" with a \"type\"");
        }
        else if (JsonText.Means(kind, "file"u8))
        {
            CarriedRequest.Refuse(draft, position, "Claude Code cannot carry files by their id; send the content itself");
        }
        else if (type == "image")
        {
            images += LargeImage.Is(source) ? 1 : 0;
        }
    }

    private void Inner(ReadOnlySpan<byte> content, int position)
    {
        var cursor = new JsonCursor(content, JsonCursor.DeepestNesting);
        cursor.Next();
        cursor.Enter();
        for (var first = true; cursor.NextElement(ref first);)
        {
            cursor.Next();
            var start = cursor.At;
            cursor.SkipValue();
            var block = content[start..cursor.At];
            if (JsonText.TryMember(block, "type"u8, out var type) && (JsonText.Means(type, "image"u8) || JsonText.Means(type, "document"u8)))
            {
                Source(JsonText.Decode(type), block, position);
            }
        }
    }
}
