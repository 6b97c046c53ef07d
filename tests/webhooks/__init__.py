"""Tests of `tenure.webhooks`."""
