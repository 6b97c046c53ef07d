"""Tests of `tenure.receivables`."""
