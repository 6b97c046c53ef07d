"""Usage of services: whether it is allowed, and recording it (rules 6.4, 7.5)."""
