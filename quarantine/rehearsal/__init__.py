"""What is remembered of examined mail, so that a new policy can be tried on it. May open: the database, as it is given."""
