"""Postcodes: where they are, which area they lie in and how deprived that area is."""
