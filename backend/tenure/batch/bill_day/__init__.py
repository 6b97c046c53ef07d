"""The steps of the bill day: in order, in chunks, restartable (rules 6.5)."""
