"""Tests of `tenure.hierarchy`."""
