count(*),
sum(e.outcome <> 0 OR coalesce(e.status, 0) >= 400),
sum(e.input IS NOT NULL AND e.cost_input IS NULL),
coalesce(sum(e.input), 0),
coalesce(sum(e.cache_read), 0),
coalesce(sum(e.cache_write_5m), 0),
coalesce(sum(e.cache_write_1h), 0),
coalesce(sum(e.output), 0),
coalesce(sum(e.cost_input + e.cost_cache_read + e.cost_cache_write + e.cost_output + e.cost_server_tools), 0),
coalesce(sum(e.cost_without_caching), 0),
coalesce(sum(CASE
    WHEN e.turn IS NULL THEN e.cost_input + e.cost_cache_read + e.cost_cache_write + e.cost_output + e.cost_server_tools
    WHEN e.cost_input IS NOT NULL THEN e.bound + e.cost_output + e.cost_server_tools
END), 0)
