"""Users, API clients, their roles, sessions and tokens."""
