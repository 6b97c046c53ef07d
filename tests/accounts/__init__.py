"""Tests of `tenure.accounts`."""
