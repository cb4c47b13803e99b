"""What one mail shows, read once for all rules: texts, links, author, reports. May open: nothing."""
