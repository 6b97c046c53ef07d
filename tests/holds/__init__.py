"""Tests of the room holds."""
