"""Wherever a test examines a mail, rules that slept are asked as well: what they see must be the same."""

from filters import ruleset

ruleset.COMPARING = True
