"""The audit log: what is recorded, its form, and that it is never changed."""
