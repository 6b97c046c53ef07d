"""Status changes and what follows from them."""
