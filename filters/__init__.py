"""What we conclude: rules look, policy decides, rewriters change. May open: nothing but the
examples of its rules, for the documents; no clock, no log."""
