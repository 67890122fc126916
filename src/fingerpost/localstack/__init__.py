"""Everything that runs Fingerpost on one machine: packages, PostgreSQL, the demo, the tests and the checks.

Standard library only, so that `run.py` can use it before any package is installed.
"""
