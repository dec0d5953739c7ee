using System.Text;
using Tuppence.Messages.Models;
using Tuppence.Messages.Requests;

namespace Tuppence.Messages.Edits;

/// <summary>Says the same of thinking and effort in words that the model takes.</summary>
/// <remarks>
/// A budget and an effort stand for each other by their share of <c>max_tokens</c>: 10 % low, 25 % medium, 50 % high, 95 % max, the shares that
/// SillyTavern uses (its 1.19.0 source). A budget is at least 1,024 and less than <c>max_tokens</c>
/// (https://platform.claude.com/docs/en/build-with-claude/extended-thinking).
/// </remarks>
internal static class ThinkingRepair
{
    private const int SmallestBudget = 1024;

    private static readonly byte[] Thinking = "thinking"u8.ToArray();
    private static readonly byte[] OutputConfig = "output_config"u8.ToArray();
    private static readonly string[] Efforts = ["low", "medium", "high", "xhigh", "max"];

    public static void Apply(string edit, EditDraft draft, Model model)
    {
        var effort = Effort(draft);
        if (effort is not null)
        {
            effort = RepairEffort(edit, draft, model, effort);
        }

        if (!draft.TryGet(Thinking, out var thinking) || !JsonText.TryMember(thinking, "type"u8, out var raw) || raw[0] != '"')
        {
            return;
        }

        var type = JsonText.Decode(raw);
        var rule = model.Thinking;
        if (rule.Types.Count == 0 || !rule.Rejects(type, effort))
        {
            return;
        }

        if (!rule.Rejects(type))
        {
            // Only this much effort is refused: less of it is nearer to what was asked for than another kind of thinking.
            SetEffort(draft, "high");
            draft.Report(edit, $"effort {effort ?? rule.DefaultEffort} to high (thinking is {type})");
        }
        else if (type == "disabled")
        {
            draft.Remove(Thinking);
            draft.Report(edit, "dropped thinking disabled");
        }
        else if (rule.Rejects("adaptive"))
        {
            ToBudget(edit, draft, type, effort);
        }
        else
        {
            ToAdaptive(edit, draft, rule, type, effort);
        }
    }

    private static void ToAdaptive(string edit, EditDraft draft, ThinkingRule rule, string type, string? effort)
    {
        draft.TryGet(Thinking, out var thinking);
        var budgeted = JsonText.TryMember(thinking, "budget_tokens"u8, out var raw) & JsonText.TryInteger(raw, out var budget);
        var kept = JsonText.WithMember(JsonText.WithMember(thinking, "budget_tokens"u8, default), "type"u8, "\"adaptive\""u8);
        draft.Set(Thinking, kept);
        var said = $"thinking {type} to adaptive";
        if (effort is null && budgeted && rule.EffortLevels.Count > 0)
        {
            var meant = NearestLevel(rule, EffortOf(budget, MaxTokens(draft)));
            if (meant != rule.DefaultEffort)
            {
                SetEffort(draft, meant);
                said += $", effort {meant}";
            }
        }

        draft.Report(edit, said);
    }

    private static void ToBudget(string edit, EditDraft draft, string type, string? effort)
    {
        var maxTokens = MaxTokens(draft);
        if (maxTokens <= SmallestBudget)
        {
            draft.Remove(Thinking);
            draft.Report(edit, $"dropped thinking {type} (max_tokens leaves no room for a budget)");
            return;
        }

        var share = effort switch { "low" => 10, "medium" => 25, "max" or "xhigh" => 95, _ => 50 };
        var budget = Math.Min(Math.Max(SmallestBudget, maxTokens * share / 100), maxTokens - 1);
        draft.Set(Thinking, (byte[])[.. "{\"type\":\"enabled\",\"budget_tokens\":"u8, .. JsonText.Number(budget), (byte)'}']);
        draft.Report(edit, $"thinking {type} to enabled");
    }

    /// <summary>Gives way to the nearest lower level that the model has; where it has none, effort goes.</summary>
    private static string? RepairEffort(string edit, EditDraft draft, Model model, string effort)
    {
        var rule = model.Thinking;
        if (rule.Types.Count == 0 || rule.EffortLevels.Contains(effort, StringComparer.Ordinal) || !Efforts.Contains(effort, StringComparer.Ordinal))
        {
            return effort;
        }

        if (rule.EffortLevels.Count == 0)
        {
            SetEffort(draft, null);
            draft.Report(edit, "dropped effort");
            return effort;
        }

        var nearest = NearestLevel(rule, effort);
        SetEffort(draft, nearest);
        draft.Report(edit, $"effort {effort} to {nearest}");
        return nearest;
    }

    private static string NearestLevel(ThinkingRule rule, string effort)
    {
        for (var i = Array.IndexOf(Efforts, effort); i >= 0; i--)
        {
            if (rule.EffortLevels.Contains(Efforts[i], StringComparer.Ordinal))
            {
                return Efforts[i];
            }
        }

        return rule.EffortLevels[0];
    }

    // Half-way, by ratio, between the shares that stand for the levels.
    private static string EffortOf(long budget, long maxTokens) => (budget * 100 / Math.Max(1, maxTokens)) switch
    {
        < 16 => "low",
        < 36 => "medium",
        < 70 => "high",
        _ => "max",
    };

    private static long MaxTokens(EditDraft draft) =>
        draft.TryGet("max_tokens"u8, out var raw) && JsonText.TryInteger(raw, out var value) ? value : 0;

    private static string? Effort(EditDraft draft) =>
        draft.TryGet(OutputConfig, out var config) && JsonText.TryMember(config, "effort"u8, out var raw) && raw[0] == '"' ? JsonText.Decode(raw) : null;

    private static void SetEffort(EditDraft draft, string? effort)
    {
        var config = draft.TryGet(OutputConfig, out var present) && present[0] == '{' ? present : "{}"u8;
        var changed = JsonText.WithMember(config, "effort"u8, effort is null ? default : Encoding.ASCII.GetBytes($"\"{effort}\""));
        if (changed.Length == 2)
        {
            draft.Remove(OutputConfig);
        }
        else
        {
            draft.Set(OutputConfig, changed);
        }
    }
}
