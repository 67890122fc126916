"""What every surface shares: the frame of a page, components, form fields, words for dates and numbers."""
