"""Definitions answered in plain Python: slow and obvious, sharing no code with the expressions it judges."""
