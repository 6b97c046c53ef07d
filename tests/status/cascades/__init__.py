"""Tests of `tenure.status.cascades`."""
