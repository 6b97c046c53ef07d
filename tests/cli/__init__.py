"""Tests of `tenure.cli`."""
