"""What monitoring reads of a node: its figures, and its log elsewhere. May open: a listener, files of the process, a syslog server."""
