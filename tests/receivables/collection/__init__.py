"""Tests of `tenure.receivables.collection`."""
