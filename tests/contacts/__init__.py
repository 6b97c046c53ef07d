"""Tests of `tenure.contacts`."""
