"""Who we know: people, partners and their passphrases, correspondents.
May open: the database, by what it is handed.
"""
