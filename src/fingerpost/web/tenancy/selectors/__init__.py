"""Reading organisations, accounts and what an account is where."""
