"""Tests of the credit of an account."""
