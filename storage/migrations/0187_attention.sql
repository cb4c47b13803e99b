-- What an approver has looked at before they decide (quarantine/waits/attention.py): reasons that were opened, files that were
-- read. It goes when the wait is over.
CREATE TABLE attention (
    tenant  TEXT NOT NULL,
    item    TEXT NOT NULL,
    person  TEXT NOT NULL,
    what    TEXT NOT NULL,
    at      DOUBLE PRECISION NOT NULL,
    PRIMARY KEY (tenant, item, person, what)
);
