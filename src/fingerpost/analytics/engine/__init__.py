"""The only place that names a database."""
