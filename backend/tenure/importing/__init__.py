"""The import of customers: lines are read, checked, and written in sets; each is taken whole or rejected whole."""
