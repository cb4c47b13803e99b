"""The flow of a mail through a node, and the program that composes it.
May open: everything that its rooms may.
"""
