"""Backups: sealed copies of the database and of the contents as they lie at rest, never of their keys (docs/adr/0062).
May open: the database, the blob store, the place of the backups, PostgreSQL's own tools.
"""
