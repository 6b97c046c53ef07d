"""Waits for a condition of the server, for what the page does not show."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from typing import TypeVar

import pytest

POLL_SECONDS = 0.25

Value = TypeVar("Value")


async def wait_for(
    read: Callable[[], Awaitable[Value | None]], seconds: float, message: str
) -> Value:
    """Calls `read` until it returns a true value, and returns it; fails after `seconds`."""
    deadline = time.monotonic() + seconds
    while not (value := await read()):
        if time.monotonic() > deadline:
            pytest.fail(message, pytrace=False)
        await asyncio.sleep(POLL_SECONDS)
    return value
