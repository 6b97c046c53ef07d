"""Bills, and what is posted to them."""
