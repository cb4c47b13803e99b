"""Controls: one duty towards the organisation's information per file."""
