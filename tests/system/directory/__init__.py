"""The directory in browsers: a steward, a provider, a link worker."""
