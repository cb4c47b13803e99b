"""What we conclude: rules look, policy decides, rewriters change. Pure: no I/O, no clock."""
