"""SMTP and LMTP to next hops: leases what is due, hands it over, records outcomes. May open: sockets to next hops."""
