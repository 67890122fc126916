"""The bottom of the house: values that cannot be built wrong, time, ids and errors.

Standard library only. Nothing here knows of Django, of a database or of a page.
"""
