namespace Tuppence.Thrift.Accounts;

/// <summary>What was found: the dearer of two reasons for not reading, the other one, and which blocks an earlier request had.</summary>
internal sealed record BreakFinding(PrefixBreak Main, PrefixBreak? Other, bool[] SentBefore);
