-- The relay listener by which a mail of our people came: its next hops may be others than those of submitted mail.
ALTER TABLE item ADD COLUMN upstream TEXT NOT NULL DEFAULT '';
