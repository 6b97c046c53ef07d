"""Who may come in: users, passwords, tokens."""
