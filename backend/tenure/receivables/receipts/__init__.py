"""Money that comes in: received, collected, overdue, and the DEBT hold (rules 6.9, 7)."""
