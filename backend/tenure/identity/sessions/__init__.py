"""Opens, closes and expires the sessions of users."""
