"""Tests of `tenure.usage`."""
