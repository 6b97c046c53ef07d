"""Tests of `tenure.purchases`."""
