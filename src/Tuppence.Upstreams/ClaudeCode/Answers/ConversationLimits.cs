namespace Tuppence.Upstreams.ClaudeCode.Answers;

/// <summary>How long, and how much, the program may be silent or talk beside the point.</summary>
internal sealed record ConversationLimits
{
    /// <summary>Silence while it is told the request. Default 60 s.</summary>
    public TimeSpan Preparing { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>Silence until the message begins. Default 660 s: the program itself gives up after 600 s.</summary>
    public TimeSpan FirstEvent { get; init; } = TimeSpan.FromSeconds(660);

    /// <summary>Silence amid the message. Default 300 s.</summary>
    public TimeSpan Idle { get; init; } = TimeSpan.FromSeconds(300);

    /// <summary>Silence towards the client after which a ping goes out. Default 15 s.</summary>
    public TimeSpan Ping { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>What is waited for the account's limits once the message is over. Default 300 ms.</summary>
    public TimeSpan Linger { get; init; } = TimeSpan.FromMilliseconds(300);

    /// <summary>What is waited for a process to end whose output has. Default 2 s.</summary>
    public TimeSpan End { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>Longest line in bytes. Default 16 MB.</summary>
    public int LongestLine { get; init; } = 16 * 1024 * 1024;

    /// <summary>Bytes of lines that are no events, between two that are. Default 64 MB.</summary>
    public long MostBeside { get; init; } = 64L * 1024 * 1024;
}
