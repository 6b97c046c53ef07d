"""Changes the status of the accounts of a job, in sets (rules 2.8)."""
