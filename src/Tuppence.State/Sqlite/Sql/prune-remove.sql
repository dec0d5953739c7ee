DELETE FROM hours WHERE requests <= 0 AND hour IN (SELECT DISTINCT at / 3600000000 FROM gone);
DELETE FROM entries WHERE seq IN (SELECT seq FROM gone);
DELETE FROM conversations
WHERE id IN (SELECT DISTINCT conversation FROM gone)
    AND NOT EXISTS (SELECT 1 FROM entries e WHERE e.conversation = conversations.id);
DELETE FROM gone;
