"""Tests of the room payers."""
