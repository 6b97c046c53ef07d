"""Tests of `tenure.importing`."""
