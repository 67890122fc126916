"""Connecting, a provider's answers, chasing silence, and ending. Each file holds one of these."""
