"""Tests of `tenure.kernel`."""
