"""Where it is kept: database, blobs, seal, journal."""
