"""How HTML is read: one tree, for findings, texts, links and everything that is rewritten. May open: nothing."""
