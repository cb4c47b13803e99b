"""How mail is found by words, among a million: its text as people search for it, and an index. May open: nothing; the store is asked."""
