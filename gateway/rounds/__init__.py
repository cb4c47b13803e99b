"""What a node does for people from time to time: letters that are due, waits that end. May open: the lists of
hosts and files that the settings name; the store and the directory are given.
"""
