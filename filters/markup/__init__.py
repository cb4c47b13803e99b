"""How HTML is read: one tree, for findings, texts, links and all that is rewritten. May open: nothing."""
