"""Who looked at whom: an append-only access log, beside the history that the database keeps of every change."""
