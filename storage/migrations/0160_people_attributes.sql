-- Somebody's last day (ISO date), and what else the directory says of them, for the policy's groups.
ALTER TABLE people ADD COLUMN leaving TEXT;
ALTER TABLE people ADD COLUMN attributes TEXT NOT NULL DEFAULT '{}';
