-- Allow and block lists of senders, link hosts and files. `person` is '' for everybody; every entry has an owner and an end.
CREATE TABLE listings (
    id          TEXT PRIMARY KEY,
    tenant      TEXT NOT NULL,
    list        TEXT NOT NULL,
    kind        TEXT NOT NULL,
    subject     TEXT NOT NULL,
    person      TEXT NOT NULL,
    owner       TEXT NOT NULL,
    reason      TEXT NOT NULL,
    created_at  DOUBLE PRECISION NOT NULL,
    expires_at  DOUBLE PRECISION NOT NULL
);

CREATE INDEX listings_subject ON listings (tenant, subject);
