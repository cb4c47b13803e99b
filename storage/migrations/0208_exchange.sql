-- Credentials whose keys are those of the whole text that a mail program is given, so that it can prove it without saying it
-- (SCRAM); those of before are of the secret part alone (OUT-DEVICE).
ALTER TABLE device ADD COLUMN whole INTEGER NOT NULL DEFAULT 0;
