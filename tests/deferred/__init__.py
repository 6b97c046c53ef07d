"""Tests of the room deferred."""
