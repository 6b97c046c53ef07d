"""Tests of `tenure.settings`."""
