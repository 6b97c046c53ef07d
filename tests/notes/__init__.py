"""Tests of `tenure.notes`."""
