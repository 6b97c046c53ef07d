"""Tests of `tenure.billing.credits`."""
