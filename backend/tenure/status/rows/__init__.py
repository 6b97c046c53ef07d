"""The columns that every part of a cascade computes."""
