"""Tests of `tenure.search`."""
