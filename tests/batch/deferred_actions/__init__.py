"""Tests of `tenure.batch.deferred_actions`."""
