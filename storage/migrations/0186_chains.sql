-- Approvals in steps (config/approval.py): who is asked now (what `approvals` begins with), who has agreed to which content
-- (JSON), whom the sender left out. And whose manager somebody is.
ALTER TABLE item ADD COLUMN asks TEXT NOT NULL DEFAULT '[]';
ALTER TABLE item ADD COLUMN agreed TEXT NOT NULL DEFAULT '[]';
ALTER TABLE item ADD COLUMN excluded TEXT NOT NULL DEFAULT '[]';
UPDATE item SET asks = approvals;
ALTER TABLE people ADD COLUMN manager TEXT NOT NULL DEFAULT '';
