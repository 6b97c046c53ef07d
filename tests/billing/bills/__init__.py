"""Tests of `tenure.billing.bills`."""
