"""Who we know: people, partners and their passphrases, correspondents.
May open: the database, the people file.
"""
