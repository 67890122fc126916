"""Changes to persons and to who sees them: recording, involving, sealing, and how they may be reached."""
