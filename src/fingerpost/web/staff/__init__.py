"""Pages for people who work at a practice or in a scheme."""
