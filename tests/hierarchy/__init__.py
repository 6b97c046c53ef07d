"""Tests of hierarchy."""
