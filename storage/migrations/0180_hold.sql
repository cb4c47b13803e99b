-- Seconds since it was accepted in which not even its sender can let it leave: the policy's "delay 5m fixed".
ALTER TABLE item ADD COLUMN fixed INTEGER NOT NULL DEFAULT 0;
