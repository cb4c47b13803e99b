"""What people reported, whom it reached, and how a report is closed.
May open: the database, in its transactions.
"""
