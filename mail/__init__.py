"""The nouns of the RFCs: address, envelope, message, reply. May open: nothing; pure, bytes in, values out."""
