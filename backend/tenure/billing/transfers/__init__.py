"""Transferring charges of nonpaying bill units to their payer (rules 5.3, 6.7)."""
