"""Journeys and their append-only events: the one record from which every number is counted."""
