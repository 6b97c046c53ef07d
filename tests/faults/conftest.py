"""The brokers of the fault test, and its length: short, unless the long version is requested."""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.faults.brokers import RABBITMQ_SCRIPTS, OwnRabbitmq, OwnRedis, StoppableBroker
from tests.services import RABBITMQ, RABBITMQ_URL, REDIS, REDIS_URL
from tests.worker.proxy import TcpProxy

# How many of the long ones on each broker; 0 is the short version.
SEEDS = int(os.environ.get("TENURE_TEST_FAULT_SEEDS", "0"))


@pytest.fixture(scope="session")
def rabbitmq(tmp_path_factory: pytest.TempPathFactory) -> Iterator[StoppableBroker]:
    """One for all; the short version does not wait for one of its own."""
    if SEEDS and RABBITMQ_SCRIPTS.exists():
        own = OwnRabbitmq(tmp_path_factory.mktemp("rabbitmq"))
        own.open()
        yield own
        own.end()
    else:
        RABBITMQ.need()
        proxy = TcpProxy(RABBITMQ_URL)
        proxy.open()
        yield proxy
        proxy.shut()


@pytest.fixture
def own_redis(tmp_path: Path) -> Iterator[StoppableBroker]:
    """Starts within a tenth of a second, so each test has its own."""
    if not shutil.which("redis-server"):
        REDIS.need()
    broker: StoppableBroker = (
        OwnRedis(tmp_path) if shutil.which("redis-server") else TcpProxy(REDIS_URL)
    )
    broker.open()
    yield broker
    broker.shut()


@pytest.fixture(params=["own_redis", "rabbitmq"], ids=["redis", "rabbitmq"])
def broker(request: pytest.FixtureRequest) -> StoppableBroker:
    """Open."""
    found: StoppableBroker = request.getfixturevalue(request.param)
    return found
