"""Who asks, in these tests: Ana, who may do everything."""

import pytest

from tenure.kernel.unit import Runtime
from tests.conftest import ANA
from tests.graphql.caller import Caller


@pytest.fixture
def ask(runtime: Runtime) -> Caller:
    """Ana with this runtime."""
    return Caller(runtime, ANA)
