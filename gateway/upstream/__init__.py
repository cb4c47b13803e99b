"""Mail that a server or provider in front of us hands on for our people: who may, whose it is, and whether it goes in circles.
May open: nothing.
"""
