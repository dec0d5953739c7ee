using System.Globalization;
using Tuppence.State.Ledger;

namespace Tuppence.Dashboard.Requests;

/// <summary>Reads which rows a call means off its query.</summary>
internal static class RowQuery
{
    private const int MostAtOnce = 1000;

    /// <summary>The query, or what is wrong.</summary>
    public static (LedgerQuery? Query, string? Problem) Of(ApiCall call)
    {
        var query = new LedgerQuery
        {
            Before = call["before"],
            Conversation = call["conversation"],
            Model = call["model"],
            Preset = call["preset"],
            Key = call["key"],
            Upstream = call["upstream"],
            Search = call["q"],
        };
        if (call["limit"] is { } limit)
        {
            if (!int.TryParse(limit, NumberStyles.None, CultureInfo.InvariantCulture, out var most) || most is < 1 or > MostAtOnce)
            {
                return (null, $"limit must be a number from 1 to {MostAtOnce}.");
            }

            query = query with { Limit = most };
        }

        if (call["failed"] is { } failed)
        {
            if (failed is not ("true" or "false"))
            {
                return (null, "failed must be true or false.");
            }

            query = query with { FailedOnly = failed == "true" };
        }

        return TryMoment(call["from"], out var from) && TryMoment(call["until"], out var until)
            ? (query with { From = from, Until = until }, null)
            : (null, "from and until must be moments or days as ISO 8601 has them, such as 2026-11-23 or 2026-11-23T08:00:00Z.");
    }

    /// <summary>A moment; what says no zone is in UTC. Null for none.</summary>
    public static bool TryMoment(string? text, out DateTimeOffset? moment)
    {
        moment = null;
        if (text is null)
        {
            return true;
        }

        if (!DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var read) || !char.IsAsciiDigit(text[0]) || !text.Contains('-', StringComparison.Ordinal))
        {
            return false;
        }

        moment = read;
        return true;
    }
}
