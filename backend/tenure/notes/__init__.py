"""Notes that agents write about an account."""
