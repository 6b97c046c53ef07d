"""Requests with an Idempotency-Key: tried again, they answer what the first one answered."""
