using System.Globalization;
using System.Runtime.InteropServices;
using Tuppence.Messages.Models;
using Tuppence.Messages.Requests;

namespace Tuppence.Upstreams.ClaudeCode.Requests;

/// <summary>
/// How the program is told what the request says of thinking. It knows a number alone: 0 is off, and other numbers are budgets where the model takes
/// budgets. Told nothing, it thinks: with nearly all of <c>max_tokens</c> as the budget, or adaptively.
/// </summary>
/// <param name="Tokens">What it is told, or null: nothing.</param>
/// <param name="Edit">What differs from the request, or null.</param>
/// <param name="Fault">Why the request is refused, or null.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct ThinkingChoice(int? Tokens, string? Edit, string? Fault)
{
    private const int SmallestBudget = 1024;

    // The table has it take "disabled"; the program thinks nevertheless (seen in 2.1.330), and would then ask for another form of its text.
    private const string StaysOn = "claude-haiku-5-5";

    /// <summary>Reads a request.</summary>
    /// <param name="body">The request.</param>
    /// <param name="name">The model as the request names it.</param>
    /// <param name="model">What is known of it, or null.</param>
    public static ThinkingChoice Of(MessageBody body, string name, Model? model)
    {
        var bytes = body.Bytes.Span;
        var thinking = body.TryFind("thinking"u8, out var member) && bytes[member.Value.Start] != 'n' ? member.Value.Of(bytes) : default;
        var maxTokens = body.TryFind("max_tokens"u8, out var most) && JsonText.TryInteger(most.Value.Of(bytes), out var value) ? value : 0;
        if (thinking.IsEmpty)
        {
            return model is null ? OfUnknown(name, maxTokens) : new ThinkingChoice(model.Thinking.Default == "off" ? 0 : null, model.Thinking.DisplayDefault == "omitted" ? "thinking is summarized" : null, null);
        }

        if (!JsonText.TryMember(thinking, "type"u8, out var raw) || raw[0] != '"')
        {
            return Refused("\"thinking\" must be an object with a \"type\"");
        }

        var type = JsonText.Decode(raw);
        if (type is not ("enabled" or "adaptive" or "disabled"))
        {
            return Refused("Claude Code carries \"thinking\" of the types enabled, adaptive and disabled alone");
        }

        if (model is { Thinking.Types.Count: > 0 } && model.Thinking.Rejects(type))
        {
            return Refused($"{model.Id} does not take \"thinking\" of the type {type}");
        }

        if (type == "disabled")
        {
            return model?.Id == StaysOn ? Refused($"Claude Code does not switch thinking off for {name}; leave \"thinking\" out, or send the request to another upstream") : new ThinkingChoice(0, null, null);
        }

        var display = JsonText.TryMember(thinking, "display"u8, out var shown) ? shown : model?.Thinking.DisplayDefault == "omitted" ? "\"omitted\""u8 : default;
        var edit = display.IsEmpty || JsonText.Means(display, "summarized"u8) ? null : "thinking is summarized";
        return type == "adaptive" ? new ThinkingChoice(null, edit, null) : Budgeted(thinking, maxTokens, model, edit);
    }

    private static ThinkingChoice Budgeted(ReadOnlySpan<byte> thinking, long maxTokens, Model? model, string? edit)
    {
        if (!JsonText.TryMember(thinking, "budget_tokens"u8, out var raw) || !JsonText.TryInteger(raw, out var budget) || budget < SmallestBudget)
        {
            return Refused("\"thinking.budget_tokens\" must be a whole number of 1024 or more");
        }

        if (budget >= maxTokens)
        {
            return Refused("\"thinking.budget_tokens\" must be less than \"max_tokens\"");
        }

        // Where the model takes both, the program chooses adaptive.
        return model is not null && !model.Thinking.Types.Contains("adaptive", StringComparer.Ordinal)
            ? new ThinkingChoice((int)budget, edit, null)
            : new ThinkingChoice((int)budget, string.Create(CultureInfo.InvariantCulture, $"thinking enabled ({budget} tokens) to adaptive{(edit is null ? "" : ", " + edit)}"), null);
    }

    // Of a model that takes budgets, the program would ask for the smallest one even where max_tokens has no room for it.
    private static ThinkingChoice OfUnknown(string name, long maxTokens) =>
        new(maxTokens <= SmallestBudget && name.StartsWith("claude-", StringComparison.Ordinal) ? 0 : null, null, null);

    private static ThinkingChoice Refused(string why) => new(null, null, why);
}
