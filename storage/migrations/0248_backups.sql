-- generation: 1, oldest: 1
-- Backups that were made (storage/backup), so that a node knows how old the last one is.
CREATE TABLE backup (
    id TEXT PRIMARY KEY,
    at DOUBLE PRECISION NOT NULL,
    node TEXT NOT NULL,
    place TEXT NOT NULL,
    octets BIGINT NOT NULL
);
CREATE INDEX backup_at ON backup (at);
-- A backup that was put back, while nobody has said yet what has left since: no node starts on it.
CREATE TABLE restore_pending (
    backup TEXT PRIMARY KEY,
    at DOUBLE PRECISION NOT NULL
);
-- Where chains of the journal went on after a backup was restored: entries behind that once were others. `mark` is keyed.
CREATE TABLE journal_restored (
    node TEXT NOT NULL,
    seq BIGINT NOT NULL,
    hash TEXT NOT NULL,
    at DOUBLE PRECISION NOT NULL,
    backup TEXT NOT NULL,
    mark TEXT NOT NULL,
    PRIMARY KEY (node, seq, at)
);
-- That the last backup is too old was told, once for each last backup (0: there was none).
CREATE TABLE backup_late (
    last DOUBLE PRECISION PRIMARY KEY,
    at DOUBLE PRECISION NOT NULL
);
