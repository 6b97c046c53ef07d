"""Tests of `tenure.policies`."""
