-- What was found in an item that decides how long its content is kept (quarantine/retention/keeping.py).
ALTER TABLE item ADD COLUMN kept_as TEXT NOT NULL DEFAULT '';
DROP INDEX item_ended;
CREATE INDEX item_ended ON item (kept_as, ended, ended_at) WHERE erased_at IS NULL AND ended_at IS NOT NULL;
