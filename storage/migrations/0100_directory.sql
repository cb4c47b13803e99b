-- People, partners' passphrases, correspondents. Lists are JSON texts; sealed values are base64 texts.

CREATE TABLE people (
    login          TEXT PRIMARY KEY,
    tenant         TEXT NOT NULL,
    name_ja        TEXT NOT NULL,
    name_en        TEXT NOT NULL,
    addresses      TEXT NOT NULL,
    send_as        TEXT NOT NULL,
    department     TEXT NOT NULL,
    head_of        TEXT NOT NULL,
    roles          TEXT NOT NULL,
    language       TEXT NOT NULL,
    disabled       INTEGER NOT NULL,
    source         TEXT NOT NULL,
    password_hash  TEXT NOT NULL DEFAULT '',
    file_hash      TEXT NOT NULL DEFAULT '',
    changed_at     DOUBLE PRECISION NOT NULL
);

CREATE TABLE people_addresses (
    address  TEXT PRIMARY KEY,
    login    TEXT NOT NULL REFERENCES people (login) ON DELETE CASCADE
);

CREATE INDEX people_addresses_login ON people_addresses (login);

CREATE TABLE partner_passphrases (
    id            TEXT PRIMARY KEY,
    tenant        TEXT NOT NULL,
    scope         TEXT NOT NULL,
    subject       TEXT NOT NULL,
    sealed        TEXT NOT NULL,
    note          TEXT NOT NULL,
    valid_from    DOUBLE PRECISION NOT NULL,
    valid_until   DOUBLE PRECISION,
    created_at    DOUBLE PRECISION NOT NULL,
    created_by    TEXT NOT NULL,
    last_used_at  DOUBLE PRECISION
);

CREATE INDEX partner_passphrases_subject ON partner_passphrases (tenant, subject);

CREATE TABLE correspondents (
    tenant        TEXT NOT NULL,
    address       TEXT NOT NULL,
    sent_at       DOUBLE PRECISION,
    clean_first   DOUBLE PRECISION,
    clean_last    DOUBLE PRECISION,
    PRIMARY KEY (tenant, address)
);
