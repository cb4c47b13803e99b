"""How HTML is read: one tree (lexbor's, which is a browser's) for findings, texts, links and everything that is rewritten.

Pure; imports nothing of `filters` but `lures.links`, for the hosts that links lead to.
"""
