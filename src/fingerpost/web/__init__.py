"""The web half: the social prescribing pathway, in Django."""
