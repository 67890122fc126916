"""What every surface shares: the frame of a page, its components, form fields, words for dates and numbers."""
