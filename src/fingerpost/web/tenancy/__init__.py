"""Systems, organisations, accounts, memberships and what each role may do."""
