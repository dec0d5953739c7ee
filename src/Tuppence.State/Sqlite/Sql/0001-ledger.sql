-- The ledger, first form. Money is in nano-dollars (10^-9 USD), moments in microseconds since 1970 UTC, durations in microseconds.

-- Words that many rows share: models, presets, keys, clients, upstreams, platforms, stop reasons, error types, levels, tiers, places.
CREATE TABLE names (
    id INTEGER PRIMARY KEY,
    text TEXT NOT NULL UNIQUE
) STRICT;

CREATE TABLE conversations (
    id INTEGER PRIMARY KEY,
    name TEXT NOT NULL UNIQUE,
    title TEXT,
    first INTEGER NOT NULL,
    latest INTEGER NOT NULL,
    model INTEGER,
    client INTEGER
) STRICT;

CREATE INDEX conversations_latest ON conversations (latest);

-- A request that came to its end. Without usage, input is null; without a known price, cost_input; without a plan, turn.
CREATE TABLE entries (
    seq INTEGER PRIMARY KEY,
    id TEXT NOT NULL,
    at INTEGER NOT NULL,
    kind INTEGER NOT NULL,
    outcome INTEGER NOT NULL,
    conversation INTEGER,
    preset INTEGER,
    key INTEGER,
    client INTEGER,
    upstream INTEGER,
    platform INTEGER,
    model INTEGER,
    status INTEGER,
    stream INTEGER NOT NULL,
    stop_reason INTEGER,
    error_type INTEGER,
    provider_id TEXT,
    input INTEGER,
    cache_read INTEGER,
    cache_write_5m INTEGER,
    cache_write_1h INTEGER,
    output INTEGER,
    thinking INTEGER,
    web_searches INTEGER,
    web_fetches INTEGER,
    service_tier INTEGER,
    inference_geo INTEGER,
    partial INTEGER,
    cost_input INTEGER,
    cost_cache_read INTEGER,
    cost_cache_write INTEGER,
    cost_output INTEGER,
    cost_server_tools INTEGER,
    cost_without_caching INTEGER,
    queue_time INTEGER NOT NULL,
    first_byte_time INTEGER,
    total_time INTEGER NOT NULL,
    own_time INTEGER NOT NULL,
    retries INTEGER NOT NULL,
    edits TEXT,
    turn INTEGER,
    level INTEGER,
    planned INTEGER,
    bound INTEGER,
    cause INTEGER,
    broken_tokens INTEGER,
    broken_cost INTEGER,
    strip BLOB,
    request_bytes INTEGER NOT NULL,
    response_bytes INTEGER NOT NULL
) STRICT;

CREATE UNIQUE INDEX entries_id ON entries (id);
CREATE INDEX entries_at ON entries (at);
CREATE INDEX entries_conversation ON entries (conversation, at) WHERE conversation IS NOT NULL;

-- The rows of each hour (number of hours since 1970 UTC) added up, kept in step by the transactions that add and remove rows. 0: has none.
CREATE TABLE hours (
    hour INTEGER NOT NULL,
    model INTEGER NOT NULL,
    preset INTEGER NOT NULL,
    key INTEGER NOT NULL,
    upstream INTEGER NOT NULL,
    requests INTEGER NOT NULL,
    failed INTEGER NOT NULL,
    unpriced INTEGER NOT NULL,
    input INTEGER NOT NULL,
    cache_read INTEGER NOT NULL,
    cache_write_5m INTEGER NOT NULL,
    cache_write_1h INTEGER NOT NULL,
    output INTEGER NOT NULL,
    cost INTEGER NOT NULL,
    without_caching INTEGER NOT NULL,
    bound INTEGER NOT NULL,
    PRIMARY KEY (hour, model, preset, key, upstream)
) STRICT, WITHOUT ROWID;

-- For people and other programs: every row in words and dollars.
CREATE VIEW ledger AS
SELECT
    e.id,
    strftime('%Y-%m-%dT%H:%M:%fZ', e.at / 1000000.0, 'unixepoch') AS at,
    c.name AS conversation, c.title,
    preset.text AS preset, key.text AS key, client.text AS client, upstream.text AS upstream, platform.text AS platform, model.text AS model,
    e.status, e.stream, stop.text AS stop_reason, error.text AS error_type, e.provider_id,
    e.input, e.cache_read, e.cache_write_5m, e.cache_write_1h, e.output, e.thinking, e.web_searches, e.web_fetches,
    (e.cost_input + e.cost_cache_read + e.cost_cache_write + e.cost_output + e.cost_server_tools) / 1e9 AS dollars,
    e.cost_without_caching / 1e9 AS dollars_without_caching,
    e.queue_time / 1000.0 AS queue_ms, e.first_byte_time / 1000.0 AS first_byte_ms, e.total_time / 1000.0 AS total_ms,
    e.retries, e.edits, e.turn, e.request_bytes, e.response_bytes
FROM entries e
LEFT JOIN conversations c ON c.id = e.conversation
LEFT JOIN names preset ON preset.id = e.preset
LEFT JOIN names key ON key.id = e.key
LEFT JOIN names client ON client.id = e.client
LEFT JOIN names upstream ON upstream.id = e.upstream
LEFT JOIN names platform ON platform.id = e.platform
LEFT JOIN names model ON model.id = e.model
LEFT JOIN names stop ON stop.id = e.stop_reason
LEFT JOIN names error ON error.id = e.error_type;
