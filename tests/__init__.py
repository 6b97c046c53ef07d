"""Mirrors the packages of `tenure`; tests/test_architecture.py checks rules of the code base."""
