"""Every component in every state, for those who build it; served only while `DEBUG` is set."""
