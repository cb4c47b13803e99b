-- What is remembered of examined mail, to decide on it again under another policy (quarantine/rehearsal/). A ground is a day
-- under one policy: the sealed key of the digests of its mails, and what the rules' looking depended on. Without its ground
-- no row tells of anybody.
CREATE TABLE rehearsal_ground (
    tenant   TEXT NOT NULL,
    name     TEXT NOT NULL,
    began    DOUBLE PRECISION NOT NULL,
    sealed   BYTEA NOT NULL,
    looking  TEXT NOT NULL,
    PRIMARY KEY (tenant, name)
);

CREATE TABLE rehearsal (
    tenant    TEXT NOT NULL,
    at        DOUBLE PRECISION NOT NULL,
    mail_id   TEXT NOT NULL,
    ground    TEXT NOT NULL,
    features  BYTEA NOT NULL,
    PRIMARY KEY (tenant, at, mail_id)
);
