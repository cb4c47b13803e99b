-- Items in our custody (quarantine/item.py). Times are UTC seconds; lists and structures are JSON.
-- `waits` counts outstanding holds and approvals: the clock (`due_at`) moves an item only while it is 0.
-- `search` is what a person may type to find the mail, normalised.
CREATE TABLE item (
    id TEXT PRIMARY KEY,
    mail_id TEXT NOT NULL,
    tenant TEXT NOT NULL,
    direction TEXT NOT NULL,
    state TEXT NOT NULL,
    owner TEXT NOT NULL,
    accepted_at DOUBLE PRECISION NOT NULL,
    queued_at DOUBLE PRECISION,
    due_at DOUBLE PRECISION,
    delay BIGINT NOT NULL,
    waits INTEGER NOT NULL,
    holds TEXT NOT NULL,
    approvals TEXT NOT NULL,
    attempts INTEGER NOT NULL,
    token BIGINT NOT NULL,
    version BIGINT NOT NULL,
    node TEXT NOT NULL,
    next_hop TEXT NOT NULL,
    reverse_path TEXT NOT NULL,
    ret TEXT NOT NULL,
    envid TEXT NOT NULL,
    body TEXT NOT NULL,
    smtputf8 INTEGER NOT NULL,
    peer TEXT NOT NULL,
    blob TEXT NOT NULL,
    original TEXT NOT NULL,
    size BIGINT NOT NULL,
    sha256 TEXT NOT NULL,
    summary TEXT NOT NULL,
    findings TEXT NOT NULL,
    rewrites TEXT NOT NULL,
    passphrase_source TEXT NOT NULL,
    secret BYTEA NOT NULL,
    search TEXT NOT NULL
);
CREATE INDEX item_due ON item (due_at) WHERE due_at IS NOT NULL AND waits = 0;
CREATE INDEX item_held ON item (accepted_at) WHERE state = 'held';
CREATE INDEX item_accepted ON item (accepted_at);
CREATE INDEX item_owner ON item (owner, accepted_at);
CREATE INDEX item_mail ON item (mail_id);

CREATE TABLE recipient (
    item TEXT NOT NULL REFERENCES item (id) ON DELETE CASCADE,
    number INTEGER NOT NULL,
    address TEXT NOT NULL,
    notify TEXT NOT NULL,
    orcpt TEXT NOT NULL,
    status TEXT NOT NULL,
    reply TEXT NOT NULL,
    at DOUBLE PRECISION NOT NULL,
    PRIMARY KEY (item, number)
);
