"""Tests of `tenure.batch.bill_day`."""
