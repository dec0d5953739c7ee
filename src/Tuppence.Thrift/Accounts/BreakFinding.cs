namespace Tuppence.Thrift.Accounts;

/// <summary>
/// What was found: the dearer of two reasons for not reading, the other one, and of each block what its tokens are where they were not read: null for new
/// ones, else <see cref="PromptRunKind.Missed"/> or <see cref="PromptRunKind.NotWritten"/>.
/// </summary>
internal sealed record BreakFinding(PrefixBreak Main, PrefixBreak? Other, PromptRunKind?[] Again);
