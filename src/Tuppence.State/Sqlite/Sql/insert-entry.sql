INSERT INTO entries (
    id, at, kind, outcome, conversation, preset, key, client, upstream, platform, model, status, stream, stop_reason, error_type,
    provider_id, input, cache_read, cache_write_5m, cache_write_1h, output, thinking, web_searches, web_fetches, service_tier,
    inference_geo, partial, cost_input, cost_cache_read, cost_cache_write, cost_output, cost_server_tools, cost_without_caching,
    queue_time, first_byte_time, total_time, own_time, retries, edits, turn, level, planned, bound, cause, broken_tokens,
    broken_cost, strip, request_bytes, response_bytes)
VALUES (
    $id, $at, $kind, $outcome, $conversation, $preset, $key, $client, $upstream, $platform, $model, $status, $stream,
    $stop_reason, $error_type, $provider_id, $input, $cache_read, $cache_write_5m, $cache_write_1h, $output, $thinking,
    $web_searches, $web_fetches, $service_tier, $inference_geo, $partial, $cost_input, $cost_cache_read, $cost_cache_write,
    $cost_output, $cost_server_tools, $cost_without_caching, $queue_time, $first_byte_time, $total_time, $own_time, $retries,
    $edits, $turn, $level, $planned, $bound, $cause, $broken_tokens, $broken_cost, $strip, $request_bytes, $response_bytes)
ON CONFLICT (id) DO NOTHING
