"""SMTP from clients: what they say, and how much of it. May open: the listening sockets it is given, drafts."""
