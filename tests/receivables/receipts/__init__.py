"""Tests of the room receivables."""
