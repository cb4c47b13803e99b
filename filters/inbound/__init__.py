"""Indicators: one sign of a targeted attack per file."""
