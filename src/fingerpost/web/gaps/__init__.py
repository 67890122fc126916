"""Needs that nothing nearby could meet, and how many of each."""
