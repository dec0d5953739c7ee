namespace Tuppence.Configuration.Catalogue;

/// <summary>The options of the groups <c>retry</c>, <c>breaker</c>, <c>timeouts</c>, <c>limits</c>, <c>cache</c>, <c>budgets</c>, <c>telemetry</c>, <c>claude_code</c> and <c>emulator</c>.</summary>
internal static class GroupSettings
{
    private const double Hour = 3600;
    private const double Day = 24 * Hour;

    /// <summary>All of them, in the order of the manual.</summary>
    public static IReadOnlyList<Setting<GatewayConfig>> All { get; } =
    [
        new Setting<GatewayConfig, int>("retry.max_retries", new IntegerFormat(0, 10), c => c.Retry.MaxRetries, (c, v) => c with { Retry = c.Retry with { MaxRetries = v } })
        {
            Summary = "Further attempts after the first, before a byte of an answer has come; 0 turns retries off.",
            Flag = "--max-retries", FlagValue = "N",
        },
        Seconds("retry.base_delay_seconds", 0.01, 60, c => c.Retry.BaseDelay, (c, v) => c with { Retry = c.Retry with { BaseDelay = v } },
            "First wait where the upstream names none; doubled each time and jittered by up to a quarter."),
        Seconds("retry.max_delay_seconds", 0.01, 300, c => c.Retry.MaxDelay, (c, v) => c with { Retry = c.Retry with { MaxDelay = v } },
            "Longest single wait; a longer retry-after ends the retries and the answer is passed on."),
        Seconds("retry.total_time_seconds", 0, Hour, c => c.Retry.TotalTime, (c, v) => c with { Retry = c.Retry with { TotalTime = v } },
            "Longest time from the first attempt to the start of the last."),
        new Setting<GatewayConfig, bool>("retry.for_retrying_clients", new BooleanFormat(), c => c.Retry.ForRetryingClients, (c, v) => c with { Retry = c.Retry with { ForRetryingClients = v } })
        {
            Summary = "Whether requests of clients that retry themselves (they send x-stainless-retry-count) are retried too.",
        },
        .. RoutingSettings.Breaker,
        Seconds("timeouts.connect_seconds", 0.1, 300, c => c.Timeouts.Connect, (c, v) => c with { Timeouts = c.Timeouts with { Connect = v } },
            "Name look-up, TCP and TLS together."),
        Seconds("timeouts.response_headers_seconds", 1, Day, c => c.Timeouts.ResponseHeaders, (c, v) => c with { Timeouts = c.Timeouts with { ResponseHeaders = v } },
            "From the end of the request to the response head."),
        Seconds("timeouts.idle_seconds", 1, Day, c => c.Timeouts.Idle, (c, v) => c with { Timeouts = c.Timeouts with { Idle = v } },
            "Longest silence inside a response body; pings of the upstream count as activity."),
        Seconds("timeouts.total_seconds", 0, Day, c => c.Timeouts.Total, (c, v) => c with { Timeouts = c.Timeouts with { Total = v } },
            "From the first attempt to the last byte; 0: no limit."),
        Seconds("timeouts.ping_seconds", 0, Hour, c => c.Timeouts.Ping, (c, v) => c with { Timeouts = c.Timeouts with { Ping = v } },
            "Silence of a streaming upstream after which the gateway sends a ping of its own; 0: never."),
        Seconds("timeouts.stop_delay_seconds", 0, Hour, c => c.Timeouts.StopDelay, (c, v) => c with { Timeouts = c.Timeouts with { StopDelay = v } },
            "Time after SIGTERM in which /health says 503 while connections are still taken, for load balancers to notice; 0: none."),
        Seconds("timeouts.drain_seconds", 0, Hour, c => c.Timeouts.Drain, (c, v) => c with { Timeouts = c.Timeouts with { Drain = v } },
            "Time that open answers get to finish after SIGTERM and the delay before."),
        new Setting<GatewayConfig, long>("limits.max_body_bytes", new SizeFormat(1024, 1L << 30), c => c.Limits.MaxBodyBytes, (c, v) => c with { Limits = c.Limits with { MaxBodyBytes = v } })
        {
            Summary = "Largest body of a Messages request; it is held in memory.",
        },
        new Setting<GatewayConfig, long>("limits.max_upload_bytes", new SizeFormat(1024, 1L << 40), c => c.Limits.MaxUploadBytes, (c, v) => c with { Limits = c.Limits with { MaxUploadBytes = v } })
        {
            Summary = "Largest body on other paths (files, batches); it is streamed, not held.",
        },
        Count("limits.max_concurrent_requests", 1, 100_000, c => c.Limits.MaxConcurrentRequests, (c, v) => c with { Limits = c.Limits with { MaxConcurrentRequests = v } },
            "Requests worked on at a time; more wait in the queue."),
        Count("limits.max_queued_requests", 0, 100_000, c => c.Limits.MaxQueuedRequests, (c, v) => c with { Limits = c.Limits with { MaxQueuedRequests = v } },
            "Requests that may wait; more are answered 529."),
        new Setting<GatewayConfig, TimeSpan>("limits.request_headers_seconds", new SecondsFormat(1, 300), c => c.Limits.RequestHeaders, (c, v) => c with { Limits = c.Limits with { RequestHeaders = v } })
        {
            Summary = "Time in which a client must have sent its request head.", NeedsRestart = true,
        },
        Count("limits.min_request_bytes_per_second", 0, 1_000_000, c => c.Limits.MinRequestBytesPerSecond, (c, v) => c with { Limits = c.Limits with { MinRequestBytesPerSecond = v } },
            "Slowest body upload that is put up with, after a grace of 5 seconds; 0: no limit."),
        .. CacheSettings.All,
        .. BudgetSettings.All,
        .. TelemetrySettings.All,
        .. ClaudeCodeSettings.All,
        new Setting<GatewayConfig, bool>("emulator.pacing", new BooleanFormat(), c => c.Emulator.Pacing, (c, v) => c with { Emulator = c.Emulator with { Pacing = v } })
        {
            Summary = "Lifelike pacing of the emulator's streamed replies; off: as fast as the client reads.",
        },
    ];

    private static Setting<GatewayConfig, TimeSpan> Seconds(
        string key, double least, double most, Func<GatewayConfig, TimeSpan> get, Func<GatewayConfig, TimeSpan, GatewayConfig> set, string summary) =>
        new(key, new SecondsFormat(least, most), get, set) { Summary = summary };

    // The concurrency gate and the listener's rate limit are built once, at start.
    private static Setting<GatewayConfig, int> Count(
        string key, int least, int most, Func<GatewayConfig, int> get, Func<GatewayConfig, int, GatewayConfig> set, string summary) =>
        new(key, new IntegerFormat(least, most), get, set) { Summary = summary, NeedsRestart = true };
}
