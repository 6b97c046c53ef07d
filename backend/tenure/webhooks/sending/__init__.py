"""Sends messages to endpoints: the HTTP client, and signed messages."""
