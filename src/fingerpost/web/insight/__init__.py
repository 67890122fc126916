"""What the scheme's own people may know of the whole: counts from pathway events, never a named person."""
