-- What recipients of held mail ask for, try and are told (quarantine/requests.py, quarantine/password_attempts.py, quarantine/letters/digest.py).
CREATE TABLE release_requests (
    item         TEXT NOT NULL REFERENCES item (id) ON DELETE CASCADE,
    person       TEXT NOT NULL,
    tenant       TEXT NOT NULL,
    at           DOUBLE PRECISION NOT NULL,
    comment      TEXT NOT NULL,
    state        TEXT NOT NULL,
    answer       TEXT NOT NULL,
    settled_at   DOUBLE PRECISION,
    announced    INTEGER NOT NULL,
    told         INTEGER NOT NULL,
    PRIMARY KEY (item, person)
);
CREATE INDEX release_requests_open ON release_requests (tenant, at) WHERE state = 'open';
CREATE INDEX release_requests_untold ON release_requests (settled_at) WHERE told = 0;

-- How many passwords were tried on a mail, and when something that is said at most once in a while was said last.
CREATE TABLE password_tries (
    item   TEXT PRIMARY KEY REFERENCES item (id) ON DELETE CASCADE,
    tries  INTEGER NOT NULL
);
CREATE TABLE said_last (
    what  TEXT PRIMARY KEY,
    at    DOUBLE PRECISION NOT NULL
);

-- Digests: one row for each person and hour that had something to tell. `token` is a digest of the link's secret.
CREATE TABLE digests (
    person      TEXT NOT NULL,
    slot        DOUBLE PRECISION NOT NULL,
    token       TEXT NOT NULL,
    items       TEXT NOT NULL,
    expires_at  DOUBLE PRECISION NOT NULL,
    PRIMARY KEY (person, slot)
);
CREATE UNIQUE INDEX digests_token ON digests (token);
CREATE INDEX digests_slot ON digests (slot);
