"""Leaving mail that waits for a person: who is told when, and how each wait ends. May open: the database, as it is given."""
