"""The import of customers."""
