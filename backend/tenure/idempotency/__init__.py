"""Requests with an Idempotency-Key: a repeated request gets the answer of the first one."""
