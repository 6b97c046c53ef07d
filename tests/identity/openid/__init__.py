"""Tests of `tenure.identity.openid`."""
