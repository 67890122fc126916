"""What each of the six people does, in the words of their pages."""
