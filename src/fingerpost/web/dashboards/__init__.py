"""Pages of counts for those who run schemes and systems: never a named person, never a league table."""
