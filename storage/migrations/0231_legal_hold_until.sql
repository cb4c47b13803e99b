-- Until when a legal hold stands; NULL: until somebody ends it.
ALTER TABLE legal_hold ADD COLUMN until DOUBLE PRECISION;
