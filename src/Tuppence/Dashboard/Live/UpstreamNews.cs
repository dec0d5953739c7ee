namespace Tuppence.Dashboard.Live;

/// <summary>How an upstream fared lately.</summary>
internal sealed record UpstreamNews
{
    /// <summary>Nothing is known.</summary>
    public static readonly UpstreamNews None = new();

    /// <summary>When the latest request came that it answered; null: none did.</summary>
    public DateTimeOffset? LastAnswerAt { get; init; }

    /// <summary>When the latest request came that it failed.</summary>
    public DateTimeOffset? LastErrorAt { get; init; }

    /// <summary>How it failed, in a few words.</summary>
    public string? LastError { get; init; }
}
