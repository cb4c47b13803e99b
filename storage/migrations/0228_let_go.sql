-- Names whose keys are to be destroyed though they belong to no item that ends (storage/let_go.py). Reports that were decided
-- or taken back by now are among them; agreements of the vault get names when they are sealed anew.
CREATE TABLE let_go (
    key TEXT PRIMARY KEY,
    tenant TEXT NOT NULL,
    kind TEXT NOT NULL,
    of_id TEXT NOT NULL,
    names TEXT NOT NULL,
    at DOUBLE PRECISION NOT NULL
);
CREATE INDEX let_go_due ON let_go (kind, at, key);
INSERT INTO let_go (key, tenant, kind, of_id, names, at)
    SELECT blob, MIN(tenant), 'report', MIN(id), '[]', MAX(COALESCE(decided_at, at)) FROM report
    WHERE blob <> '' AND state <> 'open' GROUP BY blob;
ALTER TABLE partner_passphrases ADD COLUMN key TEXT NOT NULL DEFAULT '';
