"""Mail in our custody: items, their life cycle, who may do what to them.
May open: the database and the blobs, by storage.
"""
