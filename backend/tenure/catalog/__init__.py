"""Offers that can be bought."""
