-- Leaving mail with writing in pictures that is read while it is held (OUT-ENCRYPT); `until`: somebody reads it.
CREATE TABLE picture (
    tenant   TEXT NOT NULL,
    mail_id  TEXT NOT NULL,
    until    DOUBLE PRECISION NOT NULL,
    PRIMARY KEY (tenant, mail_id)
);

CREATE INDEX picture_until ON picture (until);
