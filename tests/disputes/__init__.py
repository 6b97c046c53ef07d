"""Tests of `tenure.disputes`."""
