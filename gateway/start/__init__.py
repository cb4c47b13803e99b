"""What a node makes sure of before it begins: it is alone, and all it needs is there.
May open: the ports that it listens on, the state directory; hears signals.
"""
