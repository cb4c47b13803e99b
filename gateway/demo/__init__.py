"""A gateway that plays by itself on loopback. May open: its own temporary state, loopback sockets."""
