CREATE TEMP TABLE IF NOT EXISTS gone (
    seq INTEGER PRIMARY KEY,
    at INTEGER,
    conversation INTEGER,
    model INTEGER,
    preset INTEGER,
    key INTEGER,
    upstream INTEGER
)
