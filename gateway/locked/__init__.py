"""Processes without rights, where hostile bytes are read. May open: nothing but the channel to the gateway."""
