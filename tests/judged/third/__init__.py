"""The third set: to widen the rules by, when the deciding halves had been counted (README.md)."""
