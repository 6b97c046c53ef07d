"""The credit of an account: where it comes from, and which open bills it pays (rules 6.9)."""
