namespace Tuppence.Thrift.Accounts;

/// <summary>What the user could change, in plain words, with the money that it concerns.</summary>
/// <param name="Cause">What costs.</param>
/// <param name="Level">The level that would help; null where something in the front end has to change.</param>
/// <param name="CostPer100">What the cause costs in 100 messages, in nano-dollars.</param>
/// <param name="SavingPer100">What the advice would save of that, in nano-dollars; estimated from this conversation's own turns.</param>
/// <param name="Text">The advice; complete sentences.</param>
public sealed record Advice(BreakCause Cause, CacheLevel? Level, long CostPer100, long SavingPer100, string Text);
