-- The index over what people search for (quarantine/search/index.py): items that are `indexed` stand in a block. For each pair of
-- characters `places` says which items of a block have it: as a list of places, or as a bit for each. Blocks are only added.
ALTER TABLE item ADD COLUMN indexed INTEGER NOT NULL DEFAULT 0;
CREATE INDEX item_unindexed ON item (tenant, accepted_at, id) WHERE indexed = 0;

CREATE TABLE search_block (
    tenant    TEXT NOT NULL,
    number    BIGINT NOT NULL,
    first_at  DOUBLE PRECISION NOT NULL,
    last_at   DOUBLE PRECISION NOT NULL,
    items     TEXT NOT NULL,
    PRIMARY KEY (tenant, number)
);

CREATE TABLE search_pair (
    tenant  TEXT NOT NULL,
    block   BIGINT NOT NULL,
    pair    BIGINT NOT NULL,
    places  BYTEA NOT NULL,
    PRIMARY KEY (tenant, block, pair)
);
