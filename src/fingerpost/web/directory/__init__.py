"""Listings: what there is nearby, who provides it, where and when, for whom, and whether there is room."""
