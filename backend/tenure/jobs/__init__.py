"""Job runs: rows, progress, totals and quarantined accounts."""
