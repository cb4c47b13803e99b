"""The web application for senders, approvers, administrators and auditors.
May open: its static files; the database and the blobs, by what it is handed.
"""
