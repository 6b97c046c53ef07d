"""Tests of `tenure.payments`."""
