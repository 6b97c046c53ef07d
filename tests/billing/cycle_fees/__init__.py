"""Tests of `tenure.billing.cycle_fees`."""
