"""The people of an account: billing and service addresses."""
