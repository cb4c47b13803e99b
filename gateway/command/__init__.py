"""What an operator types: the command sekisho. May open: the files named on
the command line, the database, the node's health page, systemd's socket."""
