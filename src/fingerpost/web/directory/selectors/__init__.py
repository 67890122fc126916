"""What of the directory an actor sees."""
