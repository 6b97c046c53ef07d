"""Tests of `tenure.hierarchy.payers`."""
