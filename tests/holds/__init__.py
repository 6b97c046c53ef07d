"""Tests of `tenure.holds`."""
