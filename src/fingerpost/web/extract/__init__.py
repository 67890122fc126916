"""The pseudonymised export: rows of the web half as interchange tables. No name and no free text leaves."""
