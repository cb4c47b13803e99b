-- Two tenants may have people, addresses, sessions and codes of the same name: the tenant is part of every key. Tables are
-- made again because a primary key cannot be changed; those that refer to people go before it.
CREATE TABLE people_new (
    tenant         TEXT NOT NULL,
    login          TEXT NOT NULL,
    name           TEXT NOT NULL DEFAULT '{}',
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
    changed_at     DOUBLE PRECISION NOT NULL,
    PRIMARY KEY (tenant, login)
);
INSERT INTO people_new (tenant, login, name, addresses, send_as, department, head_of, roles, language, disabled, source,
    password_hash, file_hash, changed_at)
SELECT tenant, login, name, addresses, send_as, department, head_of, roles, language, disabled, source,
    password_hash, file_hash, changed_at FROM people;

CREATE TABLE people_addresses_new (
    tenant   TEXT NOT NULL,
    address  TEXT NOT NULL,
    login    TEXT NOT NULL,
    PRIMARY KEY (tenant, address),
    FOREIGN KEY (tenant, login) REFERENCES people_new (tenant, login) ON DELETE CASCADE
);
INSERT INTO people_addresses_new (tenant, address, login)
SELECT p.tenant, a.address, a.login FROM people_addresses a JOIN people p ON p.login = a.login;

CREATE TABLE console_sessions_new (
    digest      TEXT PRIMARY KEY,
    tenant      TEXT NOT NULL,
    login       TEXT NOT NULL,
    form_token  TEXT NOT NULL,
    peer        TEXT NOT NULL,
    language    TEXT NOT NULL,
    once        INTEGER NOT NULL,
    started_at  DOUBLE PRECISION NOT NULL,
    seen_at     DOUBLE PRECISION NOT NULL,
    FOREIGN KEY (tenant, login) REFERENCES people_new (tenant, login) ON DELETE CASCADE
);
INSERT INTO console_sessions_new (digest, tenant, login, form_token, peer, language, once, started_at, seen_at)
SELECT s.digest, p.tenant, s.login, s.form_token, s.peer, s.language, s.once, s.started_at, s.seen_at
FROM console_sessions s JOIN people p ON p.login = s.login;

CREATE TABLE console_codes_new (
    digest      TEXT PRIMARY KEY,
    tenant      TEXT NOT NULL,
    login       TEXT NOT NULL,
    expires_at  DOUBLE PRECISION NOT NULL,
    FOREIGN KEY (tenant, login) REFERENCES people_new (tenant, login) ON DELETE CASCADE
);
INSERT INTO console_codes_new (digest, tenant, login, expires_at)
SELECT c.digest, p.tenant, c.login, c.expires_at FROM console_codes c JOIN people p ON p.login = c.login;

DROP TABLE console_codes;
DROP TABLE console_sessions;
DROP TABLE people_addresses;
DROP TABLE people;
ALTER TABLE people_new RENAME TO people;
ALTER TABLE people_addresses_new RENAME TO people_addresses;
ALTER TABLE console_sessions_new RENAME TO console_sessions;
ALTER TABLE console_codes_new RENAME TO console_codes;
CREATE INDEX people_login ON people (login);
CREATE INDEX people_addresses_login ON people_addresses (tenant, login);
CREATE INDEX people_addresses_address ON people_addresses (address);
CREATE INDEX console_sessions_login ON console_sessions (tenant, login);
CREATE INDEX console_codes_login ON console_codes (tenant, login);
