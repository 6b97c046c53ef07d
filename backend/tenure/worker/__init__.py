"""The worker edge: the broker, every actor on one page, and the scheduler. Messages nudge; the database remembers."""
