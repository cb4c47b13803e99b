"""Who we know: people, partners and their passphrases, correspondents."""
