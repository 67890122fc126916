"""The pathway as a funnel: who got how far, and when."""
