"""Who sent a mail, and who signs ours: SPF, DKIM, DMARC, ARC. May open: nothing; the resolver is handed in."""
