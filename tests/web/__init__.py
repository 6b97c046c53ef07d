"""Tests of `tenure.web`."""
