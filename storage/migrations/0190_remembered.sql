-- What the house remembers of mail that left (directory/past_mail.py): counts by key, as JSON. `kind` is what the key
-- names: an address, a domain, a surname, the beginning or end of a domain, a mail, or a mail that has not left yet.
CREATE TABLE remembered (
    tenant   TEXT NOT NULL,
    kind     TEXT NOT NULL,
    name     TEXT NOT NULL,
    seen_at  DOUBLE PRECISION NOT NULL,
    counts   TEXT NOT NULL,
    PRIMARY KEY (tenant, kind, name)
);

CREATE INDEX remembered_seen ON remembered (kind, seen_at);
