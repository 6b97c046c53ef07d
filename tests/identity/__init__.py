"""Tests of `tenure.identity`."""
