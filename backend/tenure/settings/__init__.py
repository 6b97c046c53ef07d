"""Business settings and business clock: what an admin can change while the program runs."""
