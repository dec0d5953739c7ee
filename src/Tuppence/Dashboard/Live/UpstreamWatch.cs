using System.Collections.Concurrent;
using Tuppence.Accounting;
using Tuppence.State.Ledger;

namespace Tuppence.Dashboard.Live;

/// <summary>Remembers of each upstream when it last answered, and with what it last failed.</summary>
internal sealed class UpstreamWatch : IRequestSink
{
    private readonly ConcurrentDictionary<string, UpstreamNews> news = new(StringComparer.Ordinal);

    /// <summary>What is known of an upstream since the start of the process.</summary>
    public UpstreamNews Of(string upstream) => news.GetValueOrDefault(upstream) ?? UpstreamNews.None;

    /// <inheritdoc/>
    public void Began(OpenRequest request)
    {
        // Tells nothing yet.
    }

    /// <inheritdoc/>
    public void Advanced(OpenRequest request)
    {
        // Tells nothing yet.
    }

    /// <inheritdoc/>
    public void Ended(OpenRequest request, LedgerEntry entry)
    {
        if (entry.Upstream is not { } name || entry.Outcome == RequestOutcome.Refused)
        {
            return;
        }

        var known = Of(name);
        if (entry.Outcome is RequestOutcome.Unreachable or RequestOutcome.Broken || entry.Status is >= 500 or 401 or 403)
        {
            news[name] = known with { LastErrorAt = entry.At, LastError = WordsOf(entry) };
        }
        else if (entry.Status is not null)
        {
            news[name] = known with { LastAnswerAt = entry.At };
        }
    }

    private static string WordsOf(LedgerEntry entry) => entry.Outcome switch
    {
        RequestOutcome.Unreachable => entry.ErrorType is { } type ? $"no answer ({type})" : "no answer",
        RequestOutcome.Broken => "the answer broke off",
        _ => entry.ErrorType is { } type ? $"status {entry.Status} ({type})" : $"status {entry.Status}",
    };
}
