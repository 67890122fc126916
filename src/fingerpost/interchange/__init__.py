"""The only meeting point of the web half and the analytics half.

Versioned extract tables, indicator specifications, the results schema with its disclosure flags,
and the pseudonymiser. Neither half imports the other; both import this.
"""
