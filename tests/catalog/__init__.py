"""Tests of `tenure.catalog`."""
