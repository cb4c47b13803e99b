-- Of the copies of a mail that wait, the sender hears once (quarantine/queue/delays.py): 1 when it was told of this one.
ALTER TABLE item ADD COLUMN delay_told INTEGER NOT NULL DEFAULT 0;
