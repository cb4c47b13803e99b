"""Indicators: one sign of a targeted attack per file.
May open: nothing; a rule sees one mail and its facts.
"""
