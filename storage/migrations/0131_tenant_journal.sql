-- Every node has a chain for each tenant (storage/journal.py). `node` is the chain's name: the node's own for the default
-- tenant, whose chains go on as they are, and NODE@TENANT for others.
ALTER TABLE journal_head ADD COLUMN tenant TEXT NOT NULL DEFAULT 'default';
ALTER TABLE journal_checkpoint ADD COLUMN tenant TEXT NOT NULL DEFAULT 'default';
