"""Queries that are compiled to one SQL statement whose result is the JSON of the response."""
