"""Code systems and code lists as data, each with where it came from, and the pathway vocabulary.

Standard library only. Codes are stable: a code that is no longer offered gets a `deprecated_from` date and
stays readable for ever.
"""
