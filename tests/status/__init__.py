"""Tests of `tenure.status`."""
