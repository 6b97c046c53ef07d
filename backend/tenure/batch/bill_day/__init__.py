"""The bill day: its steps in their order, in chunks, restartable (rules 6.5)."""
