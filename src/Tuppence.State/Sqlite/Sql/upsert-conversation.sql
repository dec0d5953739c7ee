INSERT INTO conversations (name, title, first, latest, model, client)
VALUES ($name, $title, $at, $at, $model, $client)
ON CONFLICT (name) DO UPDATE SET
    title = coalesce(excluded.title, title),
    model = CASE WHEN excluded.latest >= latest THEN excluded.model ELSE model END,
    client = CASE WHEN excluded.latest >= latest THEN excluded.client ELSE client END,
    first = min(first, excluded.first),
    latest = max(latest, excluded.latest)
RETURNING id
