"""The console's HTTP: its socket, its connections and how much of us each of them may have. May open: the console's listener."""
