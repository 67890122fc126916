"""Whole journeys in Chromium, against the real web server, worker and database."""
