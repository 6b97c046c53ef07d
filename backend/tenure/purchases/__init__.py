"""Services and offers that customers purchase (rules 6.1, 6.8)."""
