"""Installations with Redis and with RabbitMQ, each with its own queue."""

import uuid
from collections.abc import Iterator
from pathlib import Path

import pytest
from dramatiq.brokers.rabbitmq import RabbitmqBroker
from dramatiq.brokers.redis import RedisBroker
from dramatiq.common import dq_name, xq_name

from tenure.kernel.settings import Settings
from tenure.worker.broker import make_broker
from tests.services import RABBITMQ, RABBITMQ_URL, REDIS, REDIS_URL
from tests.worker.processes import Installation, installation


@pytest.fixture(params=["redis", "rabbitmq"])
def broker_url(request: pytest.FixtureRequest) -> str:
    """Each test that uses it runs on Redis and on RabbitMQ."""
    (REDIS if request.param == "redis" else RABBITMQ).need()
    return REDIS_URL if request.param == "redis" else RABBITMQ_URL


@pytest.fixture
def broker_settings(broker_url: str, postgres_url: str) -> Iterator[Settings]:
    """PostgreSQL, the broker, and a queue that is gone afterwards."""
    settings = Settings(
        _env_file=None,
        database_url=postgres_url,
        broker_url=broker_url,
        broker_queue=f"tenure_test_{uuid.uuid4().hex[:12]}",
        secret_key="of the tests " * 3,
        clock="settable",
    )
    yield settings
    forget(settings)


@pytest.fixture
def installed(broker_settings: Settings, tmp_path: Path) -> Iterator[Installation]:
    """An installation on PostgreSQL and the broker, without any process yet."""
    names = ("database_url", "broker_url", "broker_queue", "secret_key", "clock")
    with installation(
        tmp_path, **{name: str(getattr(broker_settings, name)) for name in names}
    ) as made:
        yield made


def forget(settings: Settings) -> None:
    """Delete the queue and all that belongs to it."""
    broker = make_broker(settings)
    if isinstance(broker, RedisBroker):
        for key in broker.client.scan_iter(f"{settings.broker_queue}:*"):
            broker.client.delete(key)
        broker.client.close()
    if isinstance(broker, RabbitmqBroker):
        queue = settings.broker_queue
        for name in (queue, dq_name(queue), xq_name(queue)):
            broker.channel.queue_delete(name)
        broker.close()
