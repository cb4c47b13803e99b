-- The name of the policy by which a mail was decided (Policy.version; policy_version has its text). '' for mail of before.
ALTER TABLE item ADD COLUMN policy TEXT NOT NULL DEFAULT '';
