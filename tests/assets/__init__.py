"""Tests of `tenure.assets`."""
