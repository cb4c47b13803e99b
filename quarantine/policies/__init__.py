"""What becomes of the policy: how often it applied, which exceptions run out. May open: the database, as it is given."""
