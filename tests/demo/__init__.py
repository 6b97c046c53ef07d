"""Tests of `tenure.demo`."""
