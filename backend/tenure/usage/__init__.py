"""Use of services: whether it is allowed, and what it costs (rules 6.4, 7.5)."""
