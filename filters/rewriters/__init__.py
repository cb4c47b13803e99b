"""Changes to a mail, one per file, as edits of its bytes (filters/rewrite.py). May open: nothing."""
