using Tuppence.Messages.Edits;
using Tuppence.Messages.Models;
using Tuppence.Messages.Requests;

namespace Tuppence.Upstreams.ClaudeCode.Requests;

/// <summary>Of <c>output_config</c> the effort is carried.</summary>
internal static class CarriedOutput
{
    private static readonly string[] Levels = ["low", "medium", "high", "xhigh", "max"];

    /// <summary>Checks what the request has.</summary>
    public static void Fit(EditDraft draft, Model? model, List<string> done)
    {
        if (!draft.Body.TryFind("output_config"u8, out var member) || draft.Body.Bytes.Span[member.Value.Start] == 'n')
        {
            return;
        }

        var config = member.Value.Of(draft.Body.Bytes.Span);
        var cursor = new JsonCursor(config, JsonCursor.DeepestNesting);
        if (cursor.Next() != '{' || !cursor.Enter())
        {
            CarriedRequest.Refuse(draft, member.Value.Start, "\"output_config\" must be an object");
            return;
        }

        for (var first = true; cursor.NextMember(ref first, out var name);)
        {
            var start = cursor.At;
            cursor.SkipValue();
            var value = config[start..cursor.At];
            if (value.SequenceEqual("null"u8))
            {
                continue;
            }

            if (JsonText.Means(name.Of(config), "format"u8))
            {
                CarriedRequest.Refuse(draft, member.Value.Start, "Claude Code cannot carry \"output_config.format\", and without it the answer would not be the one asked for; leave it out, or send the request to another upstream");
            }
            else if (JsonText.Means(name.Of(config), "effort"u8))
            {
                Effort(draft, model, member.Value.Start, value);
            }
            else
            {
                Foreign.Note(done, "output_config", name.Of(config));
            }
        }
    }

    private static void Effort(EditDraft draft, Model? model, int position, ReadOnlySpan<byte> value)
    {
        var effort = value[0] == '"' ? JsonText.Decode(value) : "";
        if (Array.IndexOf(Levels, effort) < 0)
        {
            CarriedRequest.Refuse(draft, position, "\"output_config.effort\" must be one of " + string.Join(", ", Levels));
        }
        else if (model is { Thinking.Types.Count: > 0 } && !model.Thinking.EffortLevels.Contains(effort, StringComparer.Ordinal))
        {
            // The API refuses it; the program would send another level, or none.
            CarriedRequest.Refuse(draft, position, $"{model.Id} does not take the effort \"{effort}\"");
        }
    }
}
