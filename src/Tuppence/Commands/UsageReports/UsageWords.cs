using System.Globalization;
using Tuppence.Commands.Replays;
using Tuppence.State.Exports;
using Tuppence.State.Ledger;

namespace Tuppence.Commands.UsageReports;

/// <summary>The values of the flags of <c>tuppence usage</c>, in words and in our types.</summary>
internal sealed class UsageWords(TimeProvider time)
{
    /// <summary>What may be added up by.</summary>
    public const string Groupings = "hour, day, model, conversation, key, preset or upstream";

    /// <summary>What <c>--by</c> means; null for the rows themselves.</summary>
    public LedgerGrouping? Grouping(string? word) => word?.ToLowerInvariant() switch
    {
        null => null,
        "hour" => LedgerGrouping.Hour,
        "day" => LedgerGrouping.Day,
        "model" => LedgerGrouping.Model,
        "conversation" => LedgerGrouping.Conversation,
        "key" => LedgerGrouping.Key,
        "preset" => LedgerGrouping.Preset,
        "upstream" => LedgerGrouping.Upstream,
        _ => throw Wrong("--by", word, Groupings),
    };

    /// <summary>The word for a grouping.</summary>
    public static string NameOf(LedgerGrouping grouping) => grouping.ToString().ToLowerInvariant();

    /// <summary>What <c>--format</c> means; null for a table.</summary>
    public static ExportFormat? Format(string? word) => word?.ToLowerInvariant() switch
    {
        null or "table" => null,
        "csv" => ExportFormat.Csv,
        "jsonl" => ExportFormat.JsonLines,
        "parquet" => ExportFormat.Parquet,
        _ => throw Wrong("--format", word, "table, csv, jsonl or parquet"),
    };

    /// <summary>What <c>--limit</c> means; null where nothing is said.</summary>
    public static int? Limit(string? word) =>
        word is null ? null
        : int.TryParse(word, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number > 0 ? number
        : throw Wrong("--limit", word, "a number from 1");

    /// <summary>A day, a moment, or so long ago.</summary>
    public DateTimeOffset? Moment(string flag, string? word)
    {
        if (word is null)
        {
            return null;
        }

        if (word.Length > 1 && word[^1] is 'd' or 'h' && int.TryParse(word.AsSpan(0, word.Length - 1), NumberStyles.None, CultureInfo.InvariantCulture, out var ago) && ago < 100_000)
        {
            return time.GetUtcNow() - (word[^1] == 'd' ? TimeSpan.FromDays(ago) : TimeSpan.FromHours(ago));
        }

        string[] forms = ["yyyy-MM-dd", "yyyy-MM-dd'T'HH:mmK", "yyyy-MM-dd'T'HH:mm:ssK", "yyyy-MM-dd'T'HH:mm:ss.FFFFFFK"];
        return DateTimeOffset.TryParseExact(word, forms, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var moment)
            ? moment
            : throw Wrong(flag, word, "a day such as 2026-11-01, a moment such as 2026-11-01T12:00Z, or so long ago, such as 7d or 12h");
    }

    private static UsageException Wrong(string flag, string word, string accepted) => new($"{flag} {word} is not understood. Accepted: {accepted}.");
}
