"""One change per file; see filters/rewrite.py for the protocol."""
