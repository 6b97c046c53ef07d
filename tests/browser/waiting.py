"""Waits for a condition of the server, for what the page does not show."""

from tests.waiting import wait_for

__all__ = ["wait_for"]
