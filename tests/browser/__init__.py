"""Tests of the page in Chromium, against `tenure serve`."""
