-- What lists and counts ask for, in their order, found in the index alone (quarantine/rows.py has the same conditions).
DROP INDEX item_held;
CREATE INDEX item_held ON item (accepted_at, id, tenant) WHERE state = 'held';
CREATE INDEX item_review ON item (accepted_at, id, tenant)
WHERE state = 'held' AND holds <> '["disarmed"]' AND (holds <> '[]' OR (delay >= 1000000000 AND approvals = '[]'));
CREATE INDEX item_asks ON item (accepted_at, id, tenant) WHERE state = 'held' AND approvals <> '[]';
