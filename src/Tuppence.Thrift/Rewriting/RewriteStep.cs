namespace Tuppence.Thrift.Rewriting;

/// <summary>One thing that rewriting did, with some of the text: for the user's own eyes, never for a log or a header.</summary>
/// <param name="What">What was done, in words.</param>
/// <param name="Block">Index of the block among the blocks of the original request; -1 where it is in none.</param>
/// <param name="Tokens">How many tokens it is about.</param>
/// <param name="Excerpt">How the text begins, 80 characters at most.</param>
public sealed record RewriteStep(string What, int Block, int Tokens, string Excerpt);
