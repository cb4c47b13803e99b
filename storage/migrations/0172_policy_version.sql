-- Every policy that was in force, as it was written (quarantine/policies/versions.py): rows are added, never changed. `policy` is
-- the name of the whole (the site's file, its presets and what the program ships), which stands in verdicts; `presets` is JSON.
CREATE TABLE policy_version (
    tenant   TEXT NOT NULL,
    number   BIGINT NOT NULL,
    sha256   TEXT NOT NULL,
    policy   TEXT NOT NULL,
    text     TEXT NOT NULL,
    presets  TEXT NOT NULL,
    author   TEXT NOT NULL,
    at       DOUBLE PRECISION NOT NULL,
    comment  TEXT NOT NULL,
    PRIMARY KEY (tenant, number)
);
