"""Tests of `tenure.batch`."""
