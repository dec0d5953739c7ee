-- The oldest rows, those from before a moment or as many as are too many.
INSERT INTO gone
SELECT seq, at, conversation, coalesce(model, 0) AS model, coalesce(preset, 0) AS preset, coalesce(key, 0) AS key, coalesce(upstream, 0) AS upstream
FROM entries
WHERE at < $before
ORDER BY at, seq
LIMIT $most
