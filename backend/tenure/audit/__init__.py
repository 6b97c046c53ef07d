"""The audit log: what people and systems did that is no event of an account (rules 10)."""
