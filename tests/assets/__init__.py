"""Tests of what a customer has."""
