using System.Globalization;
using System.Text;
using Tuppence.State.Ledger;

namespace Tuppence.State.Exports;

/// <summary>The columns of every export, in their order. Money is in nano-dollars, durations are in microseconds.</summary>
internal static class ExportColumns
{
    /// <summary>All of them.</summary>
    public static IReadOnlyList<ExportColumn> All { get; } =
    [
        Text("id", e => e.Id),
        new("at") { Moment = static e => e.At },
        Text("kind", e => Snake(e.Kind.ToString())),
        Text("outcome", e => Snake(e.Outcome.ToString())),
        Text("conversation", e => e.Conversation),
        Text("title", e => e.Title),
        Text("preset", e => e.Preset),
        Text("key", e => e.Key),
        Text("client", e => e.Client),
        Text("upstream", e => e.Upstream),
        Text("platform", e => e.Platform),
        Text("model", e => e.Model),
        Number("status", e => e.Status),
        Number("stream", e => e.IsStream ? 1 : 0),
        Text("stop_reason", e => e.StopReason),
        Text("error_type", e => e.ErrorType),
        Text("provider_id", e => e.ProviderId),
        Number("input_tokens", e => e.Usage?.Input),
        Number("cache_read_tokens", e => e.Usage?.CacheRead),
        Number("cache_write_5m_tokens", e => e.Usage?.CacheWrite5m),
        Number("cache_write_1h_tokens", e => e.Usage?.CacheWrite1h),
        Number("output_tokens", e => e.Usage?.Output),
        Number("thinking_tokens", e => e.Usage?.Thinking),
        Number("web_searches", e => e.Usage?.WebSearches),
        Number("web_fetches", e => e.Usage?.WebFetches),
        Text("service_tier", e => e.Usage?.ServiceTier),
        Text("inference_geo", e => e.Usage?.InferenceGeo),
        Number("partial_usage", e => e.Usage is { } usage ? usage.IsPartial ? 1 : 0 : null),
        Number("cost_input", e => e.Cost?.Input),
        Number("cost_cache_read", e => e.Cost?.CacheRead),
        Number("cost_cache_write", e => e.Cost?.CacheWrite),
        Number("cost_output", e => e.Cost?.Output),
        Number("cost_server_tools", e => e.Cost?.ServerTools),
        Number("cost_total", e => e.Cost?.Total),
        Number("cost_without_caching", e => e.Cost?.WithoutCaching),
        Number("queue_us", e => e.Times.Queue),
        Number("first_byte_us", e => e.Times.FirstByte),
        Number("total_us", e => e.Times.Total),
        Number("own_us", e => e.Times.Own),
        Number("retries", e => e.Retries),
        Text("edits", e => e.Edits),
        Number("turn", e => e.Turn?.Number),
        Text("cache_level", e => e.Turn?.Level),
        Number("planned_cost", e => e.Turn?.Planned),
        Number("bound_cost", e => e.Turn?.Bound),
        Text("break_cause", e => e.Turn is { } turn ? Snake(turn.Cause.ToString()) : null),
        Number("broken_tokens", e => e.Turn?.BrokenTokens),
        Number("broken_cost", e => e.Turn?.BrokenCost),
        Text("strip", e => e.Turn is { } turn ? Strip(turn) : null),
        Number("request_bytes", e => e.RequestBytes),
        Number("response_bytes", e => e.ResponseBytes),
    ];

    /// <summary>A name of ours as the interfaces write it: <c>ClientLeft</c> is <c>client_left</c>, <c>Written1h</c> is <c>written_1h</c>.</summary>
    public static string Snake(string name)
    {
        var text = new StringBuilder(name.Length + 4);
        for (var i = 0; i < name.Length; i++)
        {
            if (i > 0 && (char.IsAsciiLetterUpper(name[i]) || (char.IsAsciiDigit(name[i]) && !char.IsAsciiDigit(name[i - 1]))))
            {
                text.Append('_');
            }

            text.Append(char.ToLowerInvariant(name[i]));
        }

        return text.ToString();
    }

    private static ExportColumn Text(string name, Func<LedgerEntry, string?> of) => new(name) { Text = of };

    private static ExportColumn Number(string name, Func<LedgerEntry, long?> of) => new(name) { Number = of };

    private static string Strip(EntryTurn turn) =>
        string.Join(' ', turn.Strip.Select(static run => string.Create(CultureInfo.InvariantCulture, $"{Snake(run.Kind.ToString())}:{run.Tokens}")));
}
