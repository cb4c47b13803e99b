-- Whose files are asked for: those of all domains of a mail in one question.
ALTER TABLE sent_locked ADD COLUMN domain TEXT NOT NULL DEFAULT '';
UPDATE sent_locked SET domain = substr(address, length(rtrim(address, replace(address, '@', ''))) + 1);
CREATE INDEX sent_locked_domain ON sent_locked (tenant, login, domain, at);
