"""Tests of `tenure.deferred`."""
