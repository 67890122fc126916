"""The single exit: whatever is released goes through here, protected, or does not go."""
