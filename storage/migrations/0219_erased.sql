-- How an item ended and when, and when its contents were erased (OPS-ERASE). What ended before is erased in its time, too.
ALTER TABLE item ADD COLUMN ended TEXT NOT NULL DEFAULT '';
ALTER TABLE item ADD COLUMN ended_at DOUBLE PRECISION;
ALTER TABLE item ADD COLUMN erased_at DOUBLE PRECISION;
UPDATE item SET ended = CASE WHEN state = 'done' THEN 'delivered' ELSE 'discarded' END,
    ended_at = (SELECT MAX(at) FROM recipient WHERE recipient.item = item.id)
    WHERE state IN ('done', 'withdrawn');
CREATE INDEX item_ended ON item (ended, ended_at) WHERE erased_at IS NULL AND ended_at IS NOT NULL;
