"""The cascade of a hold change: accounts, services, offers, events and charges."""
