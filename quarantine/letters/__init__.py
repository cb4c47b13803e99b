"""Every letter that we write to our own people. May open: nothing; custody makes items of them."""
