using Tuppence.Messages.Models;
using Tuppence.Thrift.Prompts;

namespace Tuppence.Thrift.Rewriting;

/// <summary>What rewriting may do and how much it may remember. Everything has a default.</summary>
public sealed record RewritingOptions
{
    /// <summary>Counts tokens. Default: by bytes.</summary>
    public ITokenCounter Tokens { get; init; } = ByteTokenCounter.Instance;

    /// <summary>The models, for their context windows.</summary>
    public ModelTable Models { get; init; } = ModelTable.Default;

    /// <summary>Most that a kept window may exceed what the front end sends, as a share of it. Default: 0.25; range 0 to 1.</summary>
    public double HighWater { get; init; } = 0.25;

    /// <summary>
    /// What is left of the front end's window when the kept one is full, as a share of what the front end sends: below 1 messages that
    /// it still sends are left out. Default: 1, nothing is left out; range 0.25 to 1.
    /// </summary>
    public double LowWater { get; init; } = 1;

    /// <summary>To which step a clock that is carried behind the history is rounded down. Default: none; range 1 to 60 minutes.</summary>
    public TimeSpan? ClockStep { get; init; }

    /// <summary>Most that is added on average over a conversation's requests, as a share of what the front end sends. Default: 0.095; range 0 to 1.</summary>
    public double MeanAdded { get; init; } = 0.095;

    /// <summary>What becomes of a request whose history holds signed thinking. Default: it is left alone.</summary>
    public SignedThinking Thinking { get; init; } = SignedThinking.LeaveAlone;

    /// <summary>Most bytes that are remembered of all conversations together. Default: 48 MiB; least recently used go first.</summary>
    public long MostBytes { get; init; } = 48L << 20;
}
