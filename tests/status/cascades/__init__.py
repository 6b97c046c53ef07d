"""Tests of the room cascades."""
