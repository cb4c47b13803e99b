-- With more columns in an item SQLite no longer tells the cost of its indexes apart, and counts a tenant's mail by the first
-- that it meets: the newest. That is to be the smallest.
DROP INDEX item_accepted;
CREATE INDEX item_accepted ON item (tenant, accepted_at, id);
