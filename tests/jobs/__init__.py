"""Tests of `tenure.jobs`."""
