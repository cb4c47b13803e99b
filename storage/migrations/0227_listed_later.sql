-- A link or file that is put on the block list after people got it (quarantine/reported/listed_later.py): whether they
-- are still to be alerted, how many were, and who.
ALTER TABLE listings ADD COLUMN alert INTEGER NOT NULL DEFAULT 0;
ALTER TABLE listings ADD COLUMN alerted INTEGER NOT NULL DEFAULT 0;

CREATE TABLE listed_alert (
    tenant   TEXT NOT NULL,
    kind     TEXT NOT NULL,
    subject  TEXT NOT NULL,
    mailbox  TEXT NOT NULL,
    at       DOUBLE PRECISION NOT NULL,
    PRIMARY KEY (tenant, kind, subject, mailbox)
);

CREATE INDEX listed_alert_at ON listed_alert (at);
