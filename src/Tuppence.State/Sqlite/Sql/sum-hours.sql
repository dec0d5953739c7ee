sum(requests), sum(failed), sum(unpriced), sum(input), sum(cache_read), sum(cache_write_5m), sum(cache_write_1h), sum(output), sum(cost),
sum(without_caching), sum(bound)
