"""What an offer costs: rating, monthly fees in proportion to days, and their correction (rules 6.1 to 6.3)."""
