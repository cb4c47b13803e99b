-- Small contents (storage/contents.py): committed together with the items that name them.
CREATE TABLE content (
    key TEXT PRIMARY KEY,
    data BYTEA NOT NULL
);
