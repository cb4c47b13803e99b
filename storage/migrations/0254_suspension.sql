-- Organisations that are suspended (quarantine/queue/suspension.py): a row as long as it lasts.
CREATE TABLE suspension (
    tenant   TEXT PRIMARY KEY,
    reason   TEXT NOT NULL,
    made_by  TEXT NOT NULL,
    at       DOUBLE PRECISION NOT NULL
);
