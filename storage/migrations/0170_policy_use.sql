-- How many mails a rule, one of its cases or an exception (`source`, '' for the rule's own consequence) had a consequence for on
-- a day (ISO date, where the organisation is). The rule '' counts all mails that were examined, `source` is their direction then.
CREATE TABLE policy_use (
    tenant       TEXT NOT NULL,
    day          TEXT NOT NULL,
    rule         TEXT NOT NULL,
    source       TEXT NOT NULL,
    consequence  TEXT NOT NULL,
    mails        BIGINT NOT NULL,
    PRIMARY KEY (tenant, day, rule, source, consequence)
);
