-- The files of keys under which contents were sealed (storage/day_keys.py), so that a start notices that one is missing.
CREATE TABLE day_key (
    tenant TEXT NOT NULL,
    day INTEGER NOT NULL,
    mark TEXT NOT NULL,
    PRIMARY KEY (tenant, day)
);
