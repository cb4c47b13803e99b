"""The nouns of the RFCs: address, envelope, message, reply. Pure: bytes in, values out, no I/O."""
