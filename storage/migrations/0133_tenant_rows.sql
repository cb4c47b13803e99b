-- The tenant of what belongs to an item, a person or a mail stands in its own row, so that no question need go another way
-- to ask for it. What there is gets that of its item, person or mail.
ALTER TABLE recipient ADD COLUMN tenant TEXT NOT NULL DEFAULT 'default';
UPDATE recipient SET tenant = (SELECT i.tenant FROM item i WHERE i.id = recipient.item)
WHERE item IN (SELECT id FROM item WHERE tenant <> 'default');

ALTER TABLE password_tries ADD COLUMN tenant TEXT NOT NULL DEFAULT 'default';
UPDATE password_tries SET tenant = (SELECT i.tenant FROM item i WHERE i.id = password_tries.item)
WHERE item IN (SELECT id FROM item WHERE tenant <> 'default');

ALTER TABLE sighting ADD COLUMN tenant TEXT NOT NULL DEFAULT 'default';
UPDATE sighting SET tenant = (SELECT MIN(j.tenant) FROM journal j WHERE j.mail_id = sighting.mail_id)
WHERE mail_id IN (SELECT mail_id FROM journal WHERE tenant <> 'default');

-- Digests and what was said last have the tenant in their keys, so they are made again.
CREATE TABLE digests_new (
    tenant      TEXT NOT NULL,
    person      TEXT NOT NULL,
    slot        DOUBLE PRECISION NOT NULL,
    token       TEXT NOT NULL,
    items       TEXT NOT NULL,
    expires_at  DOUBLE PRECISION NOT NULL,
    PRIMARY KEY (tenant, person, slot)
);
INSERT INTO digests_new (tenant, person, slot, token, items, expires_at)
SELECT COALESCE((SELECT MIN(p.tenant) FROM people p WHERE p.login = d.person), 'default'),
    d.person, d.slot, d.token, d.items, d.expires_at FROM digests d;
DROP TABLE digests;
ALTER TABLE digests_new RENAME TO digests;
CREATE UNIQUE INDEX digests_token ON digests (token);
CREATE INDEX digests_slot ON digests (slot);

CREATE TABLE said_last_new (
    tenant  TEXT NOT NULL,
    what    TEXT NOT NULL,
    at      DOUBLE PRECISION NOT NULL,
    PRIMARY KEY (tenant, what)
);
INSERT INTO said_last_new (tenant, what, at) SELECT 'default', what, at FROM said_last;
DROP TABLE said_last;
ALTER TABLE said_last_new RENAME TO said_last;
