-- What lists ask for, in their order and with the tenant first: a small tenant's page does not read a large one's rows.
DROP INDEX item_accepted;
CREATE INDEX item_accepted ON item (tenant, accepted_at, id);
DROP INDEX item_owner;
CREATE INDEX item_owner ON item (tenant, owner, accepted_at, id);
DROP INDEX item_held;
CREATE INDEX item_held ON item (tenant, accepted_at, id, direction) WHERE state = 'held';
DROP INDEX item_review;
CREATE INDEX item_review ON item (tenant, accepted_at, id)
WHERE state = 'held' AND holds <> '["disarmed"]' AND (holds <> '[]' OR (delay >= 1000000000 AND approvals = '[]'));
DROP INDEX item_asks;
CREATE INDEX item_asks ON item (tenant, accepted_at, id) WHERE state = 'held' AND approvals <> '[]';
DROP INDEX item_due;
CREATE INDEX item_due ON item (due_at, state, tenant) WHERE due_at IS NOT NULL AND waits = 0;
DROP INDEX journal_at;
CREATE INDEX journal_at ON journal (tenant, at, node, seq);
-- Mail that never was an item, for the message trace (quarantine/handed_over.py): of millions of entries of other mail none is read.
CREATE INDEX journal_inline ON journal (tenant, at, node, seq)
WHERE event IN ('hand_over', 'pass', 'refuse', 'next_hop_refused');
