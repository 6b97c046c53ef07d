"""Tests of `tenure.worker`."""
