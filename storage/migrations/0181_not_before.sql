-- The moment before which a mail does not leave on its own: asked for by its client (RFC 4865), or the next opening.
ALTER TABLE item ADD COLUMN not_before DOUBLE PRECISION;
