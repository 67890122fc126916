"""Computes what interchange declares."""
