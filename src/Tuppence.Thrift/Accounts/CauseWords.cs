using Tuppence.Thrift.Prompts;

namespace Tuppence.Thrift.Accounts;

/// <summary>Causes in words that people use.</summary>
public static class CauseWords
{
    /// <summary>A few words for a cause, in lower case.</summary>
    public static string Of(BreakCause cause) => cause switch
    {
        BreakCause.Nothing => "nothing broke",
        BreakCause.First => "first request",
        BreakCause.Clock => "a clock moved on",
        BreakCause.Random => "a random macro drew anew",
        BreakCause.Lore => "lore came or went",
        BreakCause.Note => "a note moved along",
        BreakCause.Truncation => "the oldest messages were dropped",
        BreakCause.Summary => "the summary was rewritten",
        BreakCause.Edit => "earlier text was edited",
        BreakCause.Card => "another card",
        BreakCause.Model => "another model",
        BreakCause.Effort => "another effort",
        BreakCause.Thinking => "another thinking setting",
        BreakCause.Tools => "other tools",
        BreakCause.Settings => "another setting that every message depends on",
        BreakCause.Expiry => "the pause was longer than the cache lives",
        BreakCause.EarlyLoss => "the provider lost it early",
        _ => "no breakpoint had kept it",
    };

    internal static string Of(PromptSection section) => section switch
    {
        PromptSection.Tools => "tools",
        PromptSection.System => "system",
        _ => "messages",
    };
}
