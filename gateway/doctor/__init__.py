"""What an installation lacks, looked for from the node's host, and how each is mended. May open: the files of the settings;
others ask the network.
"""
