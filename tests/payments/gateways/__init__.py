"""Tests of `tenure.payments.gateways`."""
