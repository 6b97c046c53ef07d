"""Tests of the room collections."""
