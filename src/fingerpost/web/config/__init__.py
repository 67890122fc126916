"""The Django project: settings by environment, addresses, the WSGI entry."""
