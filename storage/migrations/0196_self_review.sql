-- Mail that its own sender has still to look through (OUT-MISSEND, self-review).
ALTER TABLE item ADD COLUMN self_review INTEGER NOT NULL DEFAULT 0;
