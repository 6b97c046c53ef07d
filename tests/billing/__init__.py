"""Tests of `tenure.billing`."""
