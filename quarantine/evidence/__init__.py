"""Evidence of single mails: gathered, put into one signed file, verified without the node (OPS-EVIDENCE)."""
