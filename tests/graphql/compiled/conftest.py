"""Fixtures of the tests of compiled queries."""

import gc
from collections.abc import Iterator

import pytest


@pytest.fixture(autouse=True)
def collected_coroutines() -> Iterator[None]:
    """graphql-core does not await the fields beside one that failed, and Python warns of them.

    They are collected before the next test, which would fail (`comparing.IGNORE_UNAWAITED`).
    """
    yield
    gc.collect()
