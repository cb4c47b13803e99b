-- Who may act for whom, from when until when (directory/delegations.py). Whose place it is: a person's, or a shared mailbox's;
-- the other one is ''. `state`: 'made' and 'ended' are still to be told to both, 'told' has been.
CREATE TABLE delegation (
    id         TEXT NOT NULL PRIMARY KEY,
    tenant     TEXT NOT NULL,
    person     TEXT NOT NULL,
    mailbox    TEXT NOT NULL,
    delegate   TEXT NOT NULL,
    actions    TEXT NOT NULL,
    starts_at  DOUBLE PRECISION NOT NULL,
    ends_at    DOUBLE PRECISION NOT NULL,
    reason     TEXT NOT NULL,
    made_by    TEXT NOT NULL,
    made_at    DOUBLE PRECISION NOT NULL,
    state      TEXT NOT NULL,
    ended_by   TEXT NOT NULL
);

CREATE INDEX delegation_delegate ON delegation (tenant, delegate);
