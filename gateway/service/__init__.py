"""The writer's service for those who are in another process: what passes, who answers, who asks. May open: nothing; it is
handed its connections.
"""
