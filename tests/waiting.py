"""Waits for conditions. A wait ends when its condition holds; only a failing test waits longer.

The limit is long, because a test must also pass on a machine that is busy or slow.
"""

import asyncio
import time
from collections.abc import Awaitable, Callable
from typing import TypeVar

import pytest

# Seconds.
PATIENCE = 180
POLL_SECONDS = 0.1

Value = TypeVar("Value")


def until(
    holds: Callable[[], object], otherwise: Callable[[], str] = lambda: "It did not come about."
) -> None:
    """Returns once the condition holds; fails with this message after PATIENCE seconds."""
    deadline = time.monotonic() + PATIENCE
    while not holds():
        if time.monotonic() > deadline:
            pytest.fail(otherwise(), pytrace=False)
        time.sleep(POLL_SECONDS)


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
