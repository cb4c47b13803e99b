"""What a node does for people from time to time: letters that are due, waits that end. May open: our own
listeners, to see that they answer, and the lists of hosts and files that the settings name; the store and the directory are given.
"""
