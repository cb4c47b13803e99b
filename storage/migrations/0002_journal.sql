-- The journal (storage/journal.py): per node a chain, each hash covers the entry and the hash before it.
CREATE TABLE journal (
    node TEXT NOT NULL,
    seq BIGINT NOT NULL,
    at DOUBLE PRECISION NOT NULL,
    event TEXT NOT NULL,
    actor TEXT NOT NULL,
    item TEXT NOT NULL,
    mail_id TEXT NOT NULL,
    tenant TEXT NOT NULL,
    detail TEXT NOT NULL,
    hash TEXT NOT NULL,
    PRIMARY KEY (node, seq)
);
CREATE INDEX journal_mail ON journal (mail_id, at);
CREATE INDEX journal_at ON journal (at);

-- Where each node's chain ends, and heads that were written down on the way.
CREATE TABLE journal_head (
    node TEXT PRIMARY KEY,
    seq BIGINT NOT NULL,
    hash TEXT NOT NULL
);
CREATE TABLE journal_checkpoint (
    node TEXT NOT NULL,
    seq BIGINT NOT NULL,
    hash TEXT NOT NULL,
    at DOUBLE PRECISION NOT NULL,
    mark TEXT NOT NULL,
    PRIMARY KEY (node, seq)
);
