"""The job run of a collection step: its progress, and quarantined accounts (rules 6.5)."""
