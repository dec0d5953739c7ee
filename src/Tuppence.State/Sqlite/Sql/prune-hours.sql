UPDATE hours SET
    requests = hours.requests - g.requests,
    failed = hours.failed - g.failed,
    unpriced = hours.unpriced - g.unpriced,
    input = hours.input - g.input,
    cache_read = hours.cache_read - g.cache_read,
    cache_write_5m = hours.cache_write_5m - g.cache_write_5m,
    cache_write_1h = hours.cache_write_1h - g.cache_write_1h,
    output = hours.output - g.output,
    cost = hours.cost - g.cost,
    without_caching = hours.without_caching - g.without_caching,
    bound = hours.bound - g.bound
FROM (
    SELECT g.at / 3600000000 AS hour, g.model AS model, g.preset AS preset, g.key AS key, g.upstream AS upstream,
        count(*) AS requests,
        sum(e.outcome <> 0 OR coalesce(e.status, 0) >= 400) AS failed,
        sum(e.input IS NOT NULL AND e.cost_input IS NULL) AS unpriced,
        coalesce(sum(e.input), 0) AS input,
        coalesce(sum(e.cache_read), 0) AS cache_read,
        coalesce(sum(e.cache_write_5m), 0) AS cache_write_5m,
        coalesce(sum(e.cache_write_1h), 0) AS cache_write_1h,
        coalesce(sum(e.output), 0) AS output,
        coalesce(sum(e.cost_input + e.cost_cache_read + e.cost_cache_write + e.cost_output + e.cost_server_tools), 0) AS cost,
        coalesce(sum(e.cost_without_caching), 0) AS without_caching,
        coalesce(sum(CASE
            WHEN e.turn IS NULL THEN e.cost_input + e.cost_cache_read + e.cost_cache_write + e.cost_output + e.cost_server_tools
            WHEN e.cost_input IS NOT NULL THEN e.bound + e.cost_output + e.cost_server_tools
        END), 0) AS bound
    FROM gone g JOIN entries e ON e.seq = g.seq
    GROUP BY 1, 2, 3, 4, 5
) g
WHERE hours.hour = g.hour AND hours.model = g.model AND hours.preset = g.preset AND hours.key = g.key AND hours.upstream = g.upstream
