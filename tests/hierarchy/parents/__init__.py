"""Tests of `tenure.hierarchy.parents`."""
