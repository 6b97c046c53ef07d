"""What a text finds, best match first: accounts, services, bills and offers."""
