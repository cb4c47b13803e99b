-- Credentials by which one device submits mail in the name of one person (directory/devices.py). `salt`, `stored_key` and
-- `server_key` are hexadecimal (RFC 5802 §3); the secret itself is kept nowhere. `networks` is a JSON list; `certificate` is
-- the SHA-256 of a client certificate, '' for none.
CREATE TABLE device (
    tenant      TEXT NOT NULL,
    id          TEXT NOT NULL,
    login       TEXT NOT NULL,
    name        TEXT NOT NULL,
    salt        TEXT NOT NULL,
    iterations  INTEGER NOT NULL,
    stored_key  TEXT NOT NULL,
    server_key  TEXT NOT NULL,
    networks    TEXT NOT NULL,
    certificate TEXT NOT NULL,
    made_at     DOUBLE PRECISION NOT NULL,
    made_by     TEXT NOT NULL,
    used_at     DOUBLE PRECISION,
    used_from   TEXT NOT NULL,
    PRIMARY KEY (tenant, id)
);

CREATE INDEX device_login ON device (tenant, login);
