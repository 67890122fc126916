"""What happens to the directory."""
