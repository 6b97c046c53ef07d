"""Holds, and the status that is computed from them."""
