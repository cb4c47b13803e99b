-- Contents carry their tenant, as their keys do from here on (storage/keys.py).
ALTER TABLE content ADD COLUMN tenant TEXT NOT NULL DEFAULT 'default';
CREATE INDEX content_tenant ON content (tenant);
