using System.Buffers;
using Tuppence.Thrift.Planning;
using Tuppence.Thrift.Prompts;

namespace Tuppence.Thrift.Accounts;

/// <summary>What is kept of a request until its bill is known: hashes and numbers of its blocks in a rented array.</summary>
internal sealed class PendingTurn
{
    private PromptBlock[]? blocks;
    private readonly int count;

    public PendingTurn(PlannedTurn turn, Prompt prompt)
    {
        Turn = turn;
        Traits = RequestTraits.Of(prompt);
        count = prompt.Blocks.Length;
        blocks = ArrayPool<PromptBlock>.Shared.Rent(count);
        prompt.Blocks.CopyTo(blocks);
    }

    public PlannedTurn Turn { get; }

    public RequestTraits Traits { get; }

    public ReadOnlySpan<PromptBlock> Blocks => blocks.AsSpan(0, blocks is null ? 0 : count);

    /// <summary>Gives the array back; once.</summary>
    public void Release()
    {
        if (Interlocked.Exchange(ref blocks, null) is { } rented)
        {
            ArrayPool<PromptBlock>.Shared.Return(rented);
        }
    }
}
