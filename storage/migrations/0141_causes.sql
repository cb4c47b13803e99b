-- Why mail waits at which next hop (mail/cause.py), as the last attempt found it.
ALTER TABLE recipient ADD COLUMN cause TEXT NOT NULL DEFAULT '';
ALTER TABLE recipient ADD COLUMN hop TEXT NOT NULL DEFAULT '';
