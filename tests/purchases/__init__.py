"""Tests of the room purchases."""
