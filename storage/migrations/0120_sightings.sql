-- By which arriving mails are found again (quarantine/reported/fingerprints.py): derived from the journal, and made anew from it.
-- `trace` is a 64-bit digest of tenant, kind (sender, subject, host of a link, file …) and value.
CREATE TABLE sighting (
    trace    BIGINT NOT NULL,
    at       DOUBLE PRECISION NOT NULL,
    mail_id  TEXT NOT NULL
);

CREATE INDEX sighting_trace ON sighting (trace, at);
