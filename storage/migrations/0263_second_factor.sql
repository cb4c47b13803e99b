-- The second factors of people (directory/second_factor.py). `sealed`: the secret of their one-time codes, base64, '' for none;
-- `pending` one that is being set up. `used_step`: the last step whose code was used. `failures` in a row, the last one at
-- `failed_at`. `asked_at`: when a second factor was first asked of them; NULL never was.
CREATE TABLE second_factor (
    tenant      TEXT NOT NULL,
    login       TEXT NOT NULL,
    asked_at    DOUBLE PRECISION,
    sealed      TEXT NOT NULL DEFAULT '',
    enrolled_at DOUBLE PRECISION NOT NULL DEFAULT 0,
    used_step   BIGINT NOT NULL DEFAULT 0,
    failures    INTEGER NOT NULL DEFAULT 0,
    failed_at   DOUBLE PRECISION NOT NULL DEFAULT 0,
    pending     TEXT NOT NULL DEFAULT '',
    pending_at  DOUBLE PRECISION NOT NULL DEFAULT 0,
    PRIMARY KEY (tenant, login)
);

-- Recovery codes that were not used: SHA-256 of each, hexadecimal.
CREATE TABLE recovery_code (
    tenant TEXT NOT NULL,
    login  TEXT NOT NULL,
    digest TEXT NOT NULL,
    PRIMARY KEY (tenant, login, digest)
);

-- `half`: a password was given, the second factor not yet. `factor`: the one that was given, '' for none. `proved_at`: when
-- somebody last showed in this session who they are.
ALTER TABLE console_sessions ADD COLUMN half INTEGER NOT NULL DEFAULT 0;
ALTER TABLE console_sessions ADD COLUMN factor TEXT NOT NULL DEFAULT '';
ALTER TABLE console_sessions ADD COLUMN proved_at DOUBLE PRECISION NOT NULL DEFAULT 0;
