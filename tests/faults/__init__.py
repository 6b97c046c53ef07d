"""Tests with killed processes, restarted brokers and terminated connections."""
