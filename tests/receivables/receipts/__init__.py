"""Tests of `tenure.receivables.receipts`."""
