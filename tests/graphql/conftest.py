"""Who asks, in these tests: Ana, who may do everything."""

import pytest

from tenure.kernel.unit import Workplace
from tests.conftest import ANA
from tests.graphql.asking import Caller


@pytest.fixture
def ask(workplace: Workplace) -> Caller:
    """Ana at the workplace."""
    return Caller(workplace, ANA)
