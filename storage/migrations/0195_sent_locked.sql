-- Locked files that people sent lately (OUT-MISSEND): so that a password that follows them by mail is noticed.
CREATE TABLE sent_locked (
    tenant   TEXT NOT NULL,
    login    TEXT NOT NULL,
    address  TEXT NOT NULL,
    name     TEXT NOT NULL,
    at       DOUBLE PRECISION NOT NULL,
    PRIMARY KEY (tenant, login, address, name)
);

CREATE INDEX sent_locked_at ON sent_locked (at);
