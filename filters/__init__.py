"""What we conclude: rules look, policy decides, rewriters change. May open: nothing; no clock, no log."""
