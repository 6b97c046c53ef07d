"""The queue that nudges go through: in this process's memory, Redis, or RabbitMQ. What it loses, the scheduler says again."""

from contextlib import suppress
from dataclasses import dataclass
from typing import Protocol, cast
from urllib.parse import urlsplit

import pika  # type: ignore[import-untyped]
import redis
from dramatiq import Broker
from dramatiq.brokers.rabbitmq import RabbitmqBroker
from dramatiq.brokers.redis import RedisBroker
from dramatiq.brokers.stub import StubBroker
from dramatiq.errors import BrokerError
from dramatiq.middleware import AsyncIO, Middleware, ShutdownNotifications
from pika.exceptions import AMQPError  # type: ignore[import-untyped]

from tenure.kernel.broker_url import RABBITMQ, check_broker_url
from tenure.kernel.errors import ConfigurationError
from tenure.kernel.settings import Settings

# What a client of a broker raises where the broker cannot be reached, or does not let us in.
OUT_OF_REACH = (BrokerError, redis.RedisError, AMQPError, OSError)
# Seconds after which a broker that says nothing counts as out of reach.
SILENCE = 5


def make_broker(settings: Settings) -> Broker:
    """The broker that the settings name; nothing connects yet. Raises ConfigurationError.

    No retries and no time limit: a nudge that fails is followed by the next minute's, and a run may take an hour.
    """
    around: list[Middleware] = [ShutdownNotifications(notify_shutdown=True), AsyncIO()]
    if settings.embedded:
        return StubBroker(middleware=around)
    check_broker_url(settings.broker_url)
    try:
        if urlsplit(settings.broker_url).scheme in RABBITMQ:
            return _rabbitmq(settings.broker_url, around)
        client = _redis(settings.broker_url)
        # It is here, not where it connects, that a client of Redis refuses an option.
        client.connection_pool.make_connection()
    except (ValueError, TypeError):
        raise ConfigurationError(
            "TENURE_BROKER_URL has an option (behind the ?) that the client of the broker does not know."
        ) from None
    return RedisBroker(  # type: ignore[no-untyped-call]
        client=client, namespace=settings.broker_queue, middleware=around
    )


class BrokerConnection(Protocol):
    """A way to ask a broker whether it is there."""

    def ask(self) -> None:
        """Raises one of OUT_OF_REACH where the broker does not answer."""

    def close(self) -> None:
        """Give every connection to that broker back."""


def connection_to(broker: Broker) -> BrokerConnection:
    """The line to a Redis or a RabbitMQ."""
    if isinstance(broker, RedisBroker):
        return RedisConnection(broker.client)
    if isinstance(broker, RabbitmqBroker):
        return RabbitmqConnection(broker)
    raise ConfigurationError(
        "TENURE_BROKER_URL is empty: `tenure serve` does all the work itself then."
    )


@dataclass(frozen=True, slots=True)
class RedisConnection:
    """Redis: a ping."""

    client: redis.Redis

    def ask(self) -> None:
        """See Line."""
        self.client.ping()

    def close(self) -> None:
        """See Line."""
        self.client.close()


@dataclass(slots=True)
class RabbitmqConnection:
    """RabbitMQ: a connection that is kept, so that asking often leaves no trace in RabbitMQ's own log."""

    broker: RabbitmqBroker
    connection: pika.BlockingConnection | None = None

    def ask(self) -> None:
        """Hear what the server has said since, for example that it goes down."""
        if self.connection is None or not self.connection.is_open:
            self.connection = pika.BlockingConnection(self.broker.parameters)
        self.connection.process_data_events()

    def close(self) -> None:
        """See Line."""
        with suppress(*OUT_OF_REACH):
            if self.connection is not None:
                self.connection.close()
        self.broker.close()


def _redis(url: str) -> redis.Redis:
    return redis.Redis.from_url(url, socket_timeout=SILENCE, socket_connect_timeout=SILENCE)


def _rabbitmq(url: str, around: list[Middleware]) -> Broker:
    # Confirmed, because a connection that the server has closed in the meantime swallows the first message.
    broker = RabbitmqBroker(url=url, confirm_delivery=True, middleware=around)
    parameters = cast("pika.URLParameters", broker.parameters)
    parameters.socket_timeout = parameters.stack_timeout = parameters.blocked_connection_timeout = (
        SILENCE
    )
    return broker
