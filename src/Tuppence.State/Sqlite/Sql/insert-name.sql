INSERT INTO names (text) VALUES ($text)
ON CONFLICT (text) DO UPDATE SET text = text
RETURNING id
