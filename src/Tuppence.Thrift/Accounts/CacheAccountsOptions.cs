namespace Tuppence.Thrift.Accounts;

/// <summary>How much the accounts remember. Everything has a default.</summary>
public sealed record CacheAccountsOptions
{
    /// <summary>Bytes of text remembered over all conversations, to show what changed. Default: 8 MB; 0 remembers none.</summary>
    public int TextBytes { get; init; } = 8 * 1024 * 1024;

    /// <summary>Longest text remembered, in bytes; of longer ones the beginning. Default: 64 KB.</summary>
    public int LongestText { get; init; } = 64 * 1024;

    /// <summary>Blocks remembered by hash over all conversations; about 280 bytes each. Default: 120,000.</summary>
    public int Blocks { get; init; } = 120_000;

    /// <summary>Conversations remembered; the one idle longest goes first. Default: 1,000.</summary>
    public int Conversations { get; init; } = 1000;

    /// <summary>Turns of each conversation kept one by one. Default: 40.</summary>
    public int TurnsKept { get; init; } = 40;
}
