"""Reading remote feeds: the client that asks, and the readers that turn answers into records."""
