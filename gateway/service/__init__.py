"""The writer's service for those who are in another process: what passes, who answers, who asks. May open: the socket of
the state directory, and waits there.
"""
