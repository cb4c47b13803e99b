-- Where a chain of the journal begins that lost its old entries (storage/journal.py: cut).
CREATE TABLE journal_tombstone (
    node TEXT PRIMARY KEY,
    tenant TEXT NOT NULL,
    seq BIGINT NOT NULL,
    hash TEXT NOT NULL,
    at DOUBLE PRECISION NOT NULL,
    mark TEXT NOT NULL
);
