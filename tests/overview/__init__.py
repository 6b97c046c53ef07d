"""Tests of `tenure.overview`."""
