"""What is kept about single mails, put into one signed file that others can verify. May open: nothing; it is given files."""
