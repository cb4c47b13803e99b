-- Leaving mail that waits for a person (quarantine/waits/): who has been told so far, and when who is told next.
-- `kind` is whose word is missing: 'approval', 'review' (an administrator's), 'sender'. `state` is 'open', or the event
-- that ended the wait; then `person` did it and said `answer`, and the sender is still to be told.
CREATE TABLE wait (
    tenant   TEXT NOT NULL,
    item     TEXT NOT NULL,
    kind     TEXT NOT NULL,
    since    DOUBLE PRECISION NOT NULL,
    step     INTEGER NOT NULL,
    next_at  DOUBLE PRECISION NOT NULL,
    state    TEXT NOT NULL,
    person   TEXT NOT NULL,
    answer   TEXT NOT NULL,
    PRIMARY KEY (tenant, item)
);

CREATE INDEX wait_next ON wait (next_at);

INSERT INTO wait (tenant, item, kind, since, step, next_at, state, person, answer)
SELECT tenant, id, CASE WHEN approvals <> '[]' THEN 'approval' WHEN holds <> '[]' THEN 'review' ELSE 'sender' END,
       accepted_at, 0, 0, 'open', '', ''
FROM item
WHERE state = 'held' AND direction = 'outbound' AND (approvals <> '[]' OR holds <> '[]' OR due_at IS NULL);
