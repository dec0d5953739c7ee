namespace Tuppence.Upstreams.TokenStores;

/// <summary>
/// What is known of the refresh of a stored grant. It is written durably before the request is sent, so that after a crash the next process
/// knows that the stored refresh token may have been spent.
/// </summary>
/// <param name="Since">When the last request was about to be sent, by this machine's clock.</param>
/// <param name="Sent">How often the stored refresh token was, or may have been, sent; 2 at most.</param>
public sealed record RefreshMark(DateTimeOffset Since, int Sent)
{
    /// <summary>The most often that one refresh token is sent: once, and once more where the answer was lost.</summary>
    public const int MostSent = 2;

    /// <summary>When the one more try is due, by this machine's clock; null: at once.</summary>
    public DateTimeOffset? NotBefore { get; init; }

    /// <summary>Why the sign-in has ended, in words for people; null while it has not.</summary>
    public string? Ended { get; init; }

    /// <summary>True where the refresh token was sent and no answer to it was stored.</summary>
    public bool IsOpen => Sent > 0 && Ended is null;
}
