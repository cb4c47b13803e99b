"""Several organisations in one house (OPS-TENANT): whose mail it is that comes to a door of all. May open: nothing."""
