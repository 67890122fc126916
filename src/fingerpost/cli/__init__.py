"""The command line: parse, call one function, turn errors into words and exit codes.

Each verb is a module of this package with `register(verbs)`; a new file is found by itself.
"""
