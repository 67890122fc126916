"""Persons: who they are, how to reach them safely, who is involved with them, and what they agreed to."""
