"""Activities: a person's link to one listing, from the first question to the provider until it ends."""
