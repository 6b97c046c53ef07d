"""The customer, its bill units, and the search for it."""
