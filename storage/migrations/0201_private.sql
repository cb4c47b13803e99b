-- How a name is read, and private addresses (a JSON list): mail to these is stopped (OUT-PRIVATE).
ALTER TABLE people ADD COLUMN kana TEXT NOT NULL DEFAULT '';
ALTER TABLE people ADD COLUMN private TEXT NOT NULL DEFAULT '[]';
