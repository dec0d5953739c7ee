SELECT
    e.seq, e.id, e.at, e.kind, e.outcome, c.name, e.preset, e.key, e.client, e.upstream, e.platform, e.model, e.status, e.stream,
    e.stop_reason, e.error_type, e.provider_id, e.input, e.cache_read, e.cache_write_5m, e.cache_write_1h, e.output, e.thinking,
    e.web_searches, e.web_fetches, e.service_tier, e.inference_geo, e.partial, e.cost_input, e.cost_cache_read,
    e.cost_cache_write, e.cost_output, e.cost_server_tools, e.cost_without_caching, e.queue_time, e.first_byte_time, e.total_time,
    e.own_time, e.retries, e.edits, e.turn, e.level, e.planned, e.bound, e.cause, e.broken_tokens, e.broken_cost, e.strip,
    e.request_bytes, e.response_bytes, c.title
FROM entries e
LEFT JOIN conversations c ON c.id = e.conversation
