"""Indicators: declared once in TOML, counted by each half in its own way, judged here for both."""
