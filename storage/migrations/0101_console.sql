-- Sessions of the console and the codes that open it once. Only digests of cookies and codes are kept.

CREATE TABLE console_sessions (
    digest      TEXT PRIMARY KEY,
    login       TEXT NOT NULL REFERENCES people (login) ON DELETE CASCADE,
    form_token  TEXT NOT NULL,
    peer        TEXT NOT NULL,
    language    TEXT NOT NULL,
    once        INTEGER NOT NULL,
    started_at  DOUBLE PRECISION NOT NULL,
    seen_at     DOUBLE PRECISION NOT NULL
);

CREATE INDEX console_sessions_login ON console_sessions (login);

CREATE TABLE console_codes (
    digest      TEXT PRIMARY KEY,
    login       TEXT NOT NULL REFERENCES people (login) ON DELETE CASCADE,
    expires_at  DOUBLE PRECISION NOT NULL
);
