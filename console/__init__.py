"""The web application for senders, approvers, administrators and auditors.
May open: the database and the blobs, by what it is handed.
"""
