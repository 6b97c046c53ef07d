"""What customers dispute, and what is credited or charged by hand (rules 8)."""
