-- For every key that sealed something here (storage/seal.py): a known text, sealed with it.
CREATE TABLE seal_canary (
    key_id TEXT PRIMARY KEY,
    canary BYTEA NOT NULL
);
