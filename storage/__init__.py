"""Where things are kept: database, blobs, seal, journal.
May open: the database, the spool, the blob store.
"""
