"""The caller of these tests: Ana, an admin."""

import pytest

from tenure.kernel.unit import Runtime
from tests.conftest import ANA
from tests.graphql.caller import Caller


@pytest.fixture
def ask(runtime: Runtime) -> Caller:
    """Executes operations as Ana."""
    return Caller(runtime, ANA)
