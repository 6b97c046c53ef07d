"""Fixtures of the tests of compiled queries."""

import gc
from collections.abc import Iterator

import pytest


@pytest.fixture(scope="module", autouse=True)
def collected_coroutines() -> Iterator[None]:
    """graphql-core does not await the fields beside one that failed, and Python warns of them.

    They are collected before the tests of the next file, which would fail without
    `comparing.IGNORE_UNAWAITED`. Doing it after each test takes longer than most of the tests.
    """
    yield
    gc.collect()
