"""Pages for administrators: the directory and where it comes from, postcodes, organisations and accounts."""
