-- Strangers who wrote to a mailbox of late (directory/floods.py), so that all processes and nodes count together. Rows end
-- after twenty minutes.
CREATE TABLE flood_stranger (
    tenant   TEXT NOT NULL,
    address  TEXT NOT NULL,
    domain   TEXT NOT NULL,
    at       DOUBLE PRECISION NOT NULL,
    PRIMARY KEY (tenant, address, domain)
);

CREATE INDEX flood_stranger_at ON flood_stranger (at);
