namespace Tuppence.Thrift.Prompts;

/// <summary>Says how many tokens a block has. Exact counts are the provider's secret, so each answer is an estimate.</summary>
public interface ITokenCounter
{
    /// <summary>Whether the answers are what will be billed; true for the fixed count of the benchmark alone.</summary>
    bool IsExact => false;

    /// <summary>Tokens of one block without its <c>cache_control</c>.</summary>
    /// <param name="kind">What it is.</param>
    /// <param name="json">For text the string with its quotes and escapes; for anything else the element. UTF-8.</param>
    /// <param name="cacheControlLength">Bytes of <paramref name="json"/> that belong to a <c>cache_control</c>.</param>
    /// <param name="beginsMessage">Whether a message begins with the block.</param>
    int Count(BlockKind kind, ReadOnlySpan<byte> json, int cacheControlLength, bool beginsMessage);
}
