"""Referring, signposting, and following what became of it."""
