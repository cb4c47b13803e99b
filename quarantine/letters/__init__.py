"""Every letter that we write to our own people. Pure texts; custody makes items of them."""
