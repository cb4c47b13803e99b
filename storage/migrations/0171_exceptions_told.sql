-- That an exception of the policy (rule/name) with this last day is near its end, or over (`standing`), has been written to
-- its owner and to the administrators: once.
CREATE TABLE exception_told (
    tenant     TEXT NOT NULL,
    exception  TEXT NOT NULL,
    until      TEXT NOT NULL,
    standing   TEXT NOT NULL,
    at         DOUBLE PRECISION NOT NULL,
    PRIMARY KEY (tenant, exception, until, standing)
);
