-- Nobody ever wrote an item's next hop: the routes in force at an attempt decide (gateway/deliver/next_hop.py).
ALTER TABLE item DROP COLUMN next_hop;
