using Tuppence.Messages.Requests;
using Tuppence.Thrift.Prompts;

namespace Tuppence.Thrift.Accounts;

/// <summary>Where a request parts from the earlier request that it shares most with, why, and what that cost.</summary>
/// <param name="Cause">The guessed cause.</param>
/// <param name="Block">Index of the first block that differs or could not be read; null where there is none.</param>
/// <param name="Section">The part of the prompt that this block stands in.</param>
/// <param name="Role">Role of its message; system in tools and system.</param>
/// <param name="Message">Index of its message, or -1 in tools and system.</param>
/// <param name="Pause">Time since the start of the earlier request; null where there is none.</param>
/// <param name="Tokens">Tokens that the earlier request had as well and that were not read.</param>
/// <param name="Cost">What those tokens cost more than reading them would have, in nano-dollars.</param>
/// <param name="Diff">What changed, in the user's own words; null where no text changed or it is no longer remembered.</param>
public sealed record PrefixBreak(
    BreakCause Cause, int? Block, PromptSection Section, MessageRole Role, int Message, TimeSpan? Pause, int Tokens, long Cost, TextDiff? Diff)
{
    /// <summary>No break.</summary>
    public static readonly PrefixBreak None = new(BreakCause.Nothing, null, PromptSection.Tools, MessageRole.System, -1, null, 0, 0, null);
}
