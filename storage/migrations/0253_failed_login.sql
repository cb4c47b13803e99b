-- Failed logins of late (directory/guessed.py), so that guesses count on all nodes together. `mark` is a keyed digest of whom
-- or where they count against. Rows end with the window in which failures count.
CREATE TABLE failed_login (
    id    TEXT PRIMARY KEY,
    node  TEXT NOT NULL,
    kind  TEXT NOT NULL,
    mark  TEXT NOT NULL,
    at    DOUBLE PRECISION NOT NULL
);

CREATE INDEX failed_login_at ON failed_login (at);
