"""What a provider sees behind a signed link: one connection, one question at a time, no account."""
