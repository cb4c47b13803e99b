-- From where an account has logged in: strangers' failures elsewhere do not lock its owner out there.
CREATE TABLE known_networks (
    tenant   TEXT NOT NULL,
    login    TEXT NOT NULL,
    network  TEXT NOT NULL,
    seen_at  DOUBLE PRECISION NOT NULL,
    PRIMARY KEY (tenant, login, network),
    FOREIGN KEY (tenant, login) REFERENCES people (tenant, login) ON DELETE CASCADE
);
CREATE INDEX known_networks_seen ON known_networks (seen_at);
