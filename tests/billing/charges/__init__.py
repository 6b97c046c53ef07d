"""Tests of `tenure.billing.charges`."""
