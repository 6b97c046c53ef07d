"""Tests of the edge that partner systems and the page talk to."""
