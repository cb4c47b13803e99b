-- How leaving mail ends when nobody does anything, where its rules say otherwise than [waits] (OUT-DELAY).
ALTER TABLE item ADD COLUMN untouched TEXT NOT NULL DEFAULT '[]';
