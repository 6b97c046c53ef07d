"""Tests of the room charges."""
