"""Controls: one duty towards the organisation's information per file.
May open: nothing; a rule sees one mail and its facts.
"""
