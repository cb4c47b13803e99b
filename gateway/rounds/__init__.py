"""What a node does for people from time to time: letters that are due, waits that end. May open: nothing; the store and
the directory are given.
"""
