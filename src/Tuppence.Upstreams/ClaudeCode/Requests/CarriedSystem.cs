using System.Globalization;
using Tuppence.Messages.Edits;
using Tuppence.Messages.Requests;

namespace Tuppence.Upstreams.ClaudeCode.Requests;

/// <summary>The system prompt: texts alone. The program joins them with an empty line between.</summary>
internal static class CarriedSystem
{
    /// <summary>Checks what the request has.</summary>
    public static void Fit(EditDraft draft, List<string> done)
    {
        var body = draft.Body;
        if (!body.TryFind("system"u8, out var member))
        {
            return;
        }

        var bytes = body.Bytes.Span;
        var value = member.Value.Of(bytes);
        if (value[0] is not ((byte)'"' or (byte)'[') && !value.SequenceEqual("null"u8))
        {
            CarriedRequest.Refuse(draft, member.Value.Start, "\"system\" must be a string or an array of text blocks");
        }

        if (value[0] != '[')
        {
            return;
        }

        foreach (ref readonly var block in body.SystemBlocks)
        {
            if (!JsonText.Means(block.Type.Of(bytes), "text"u8) || block.Text.IsEmpty || bytes[block.Text.Start] != '"')
            {
                CarriedRequest.Refuse(draft, block.Range.Start, "a block of \"system\" must be text");
            }
            else if (JsonText.IsBlank(block.Text.Of(bytes)))
            {
                CarriedRequest.Refuse(draft, block.Range.Start, "a text block of \"system\" is empty");
            }
        }

        if (body.SystemBlocks.Length > 1)
        {
            done.Add(string.Create(CultureInfo.InvariantCulture, $"joined {body.SystemBlocks.Length} system blocks"));
        }
    }
}
