"""Who looks for viruses is asked here. May open: the scanner's socket."""
