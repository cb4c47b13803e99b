-- What people reported (quarantine/reported/reports.py). `topic` is what mails of one wave share; `found` is a summary as JSON;
-- `blob` the mail in which it was reported; `outcome` what was done when it was closed, as JSON.
CREATE TABLE report (
    id          TEXT PRIMARY KEY,
    tenant      TEXT NOT NULL,
    topic       TEXT NOT NULL,
    reporter    TEXT NOT NULL,
    at          DOUBLE PRECISION NOT NULL,
    source      TEXT NOT NULL,
    proved      INTEGER NOT NULL,
    mail_id     TEXT NOT NULL,
    found       TEXT NOT NULL,
    comment     TEXT NOT NULL,
    blob        TEXT NOT NULL,
    state       TEXT NOT NULL,
    verdict     TEXT NOT NULL,
    decided_by  TEXT NOT NULL,
    decided_at  DOUBLE PRECISION,
    note        TEXT NOT NULL,
    outcome     TEXT NOT NULL
);

CREATE INDEX report_open ON report (tenant, at) WHERE state = 'open';
CREATE INDEX report_closed ON report (tenant, decided_at) WHERE state = 'closed';
CREATE INDEX report_topic ON report (tenant, topic);
CREATE INDEX report_reporter ON report (tenant, reporter, at);
