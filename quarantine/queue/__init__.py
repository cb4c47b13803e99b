"""Mail that waits for a next hop: having it tried now, and a queue that is stuck. May open: nothing; the store is asked."""
