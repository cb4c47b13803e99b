-- What is not erased as long as somebody says so: mail of a person, or one mail (quarantine/retention/legal_holds.py).
CREATE TABLE legal_hold (
    id TEXT PRIMARY KEY,
    tenant TEXT NOT NULL,
    names TEXT NOT NULL,
    reason TEXT NOT NULL,
    made_by TEXT NOT NULL,
    at DOUBLE PRECISION NOT NULL
);
