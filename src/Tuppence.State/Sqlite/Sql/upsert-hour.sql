INSERT INTO hours (
    hour, model, preset, key, upstream, requests, failed, unpriced, input, cache_read, cache_write_5m, cache_write_1h, output,
    cost, without_caching, bound)
VALUES (
    $hour, $model, $preset, $key, $upstream, $requests, $failed, $unpriced, $input, $cache_read, $cache_write_5m, $cache_write_1h,
    $output, $cost, $without_caching, $bound)
ON CONFLICT (hour, model, preset, key, upstream) DO UPDATE SET
    requests = requests + excluded.requests,
    failed = failed + excluded.failed,
    unpriced = unpriced + excluded.unpriced,
    input = input + excluded.input,
    cache_read = cache_read + excluded.cache_read,
    cache_write_5m = cache_write_5m + excluded.cache_write_5m,
    cache_write_1h = cache_write_1h + excluded.cache_write_1h,
    output = output + excluded.output,
    cost = cost + excluded.cost,
    without_caching = without_caching + excluded.without_caching,
    bound = bound + excluded.bound
