-- What browser a session is of, as it says itself; '' where it said nothing.
ALTER TABLE console_sessions ADD COLUMN agent TEXT NOT NULL DEFAULT '';

-- Since when cookies of known devices count (directory/logins.py): whoever lost a device ends those from before.
CREATE TABLE forgotten_devices (
    tenant TEXT NOT NULL,
    login  TEXT NOT NULL,
    at     DOUBLE PRECISION NOT NULL,
    PRIMARY KEY (tenant, login)
);
