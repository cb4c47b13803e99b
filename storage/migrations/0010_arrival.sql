-- How held inbound mail came (quarantine/item.py, Arrival), and who waits for it: `mailbox` is the address in lower case
-- without its sub-address; only recipients who wait are asked for by it.
ALTER TABLE item ADD COLUMN arrival TEXT NOT NULL DEFAULT '[]';
ALTER TABLE recipient ADD COLUMN mailbox TEXT NOT NULL DEFAULT '';
UPDATE recipient SET mailbox = LOWER(address) WHERE status = 'waiting';
CREATE INDEX recipient_mailbox ON recipient (mailbox) WHERE status = 'waiting';
