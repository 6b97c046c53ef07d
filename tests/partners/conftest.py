"""A server with the demonstration data, on which the examples run."""

from collections.abc import Iterator

import pytest

from tests.demonstration import DemoServer, demo_served


@pytest.fixture(scope="module")
def demo_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[DemoServer]:
    """A server for the examples of one file."""
    with demo_served(tmp_path_factory, "partners") as server:
        yield server
