-- Next hops that keep mail waiting (quarantine/queue/stuck.py): a row is there from when it was told until it is over.
-- `node` is who found it, '' when the items say it; `host`: there is no session with it at all.
CREATE TABLE stuck (
    tenant   TEXT NOT NULL,
    node     TEXT NOT NULL,
    hop      TEXT NOT NULL,
    host     INTEGER NOT NULL,
    cause    TEXT NOT NULL,
    since    DOUBLE PRECISION NOT NULL,
    seen_at  DOUBLE PRECISION NOT NULL,
    PRIMARY KEY (tenant, node, hop, host)
);
