"""What a text finds, best match first: accounts, services by login, bills by number."""
