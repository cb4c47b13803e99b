-- Where the directory's people come from, and how often each source changed something (directory/roster.py): a number that only
-- grows. An account carries the number with which it last changed.
CREATE TABLE directory_source (
    tenant      TEXT NOT NULL,
    source      TEXT NOT NULL,
    revision    INTEGER NOT NULL,
    changed_at  DOUBLE PRECISION NOT NULL,
    PRIMARY KEY (tenant, source)
);
INSERT INTO directory_source (tenant, source, revision, changed_at)
SELECT tenant, source, 1, MAX(changed_at) FROM people GROUP BY tenant, source;

ALTER TABLE people ADD COLUMN revision INTEGER NOT NULL DEFAULT 0;
UPDATE people SET revision = 1;
