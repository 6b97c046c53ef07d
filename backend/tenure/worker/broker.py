"""The broker of wake-up messages: the memory of this process, Redis, or RabbitMQ.

If it loses a message, the scheduler sends another one within a minute.
"""

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

# What a client raises if its broker cannot be reached or refuses the connection.
BROKER_ERRORS = (BrokerError, redis.RedisError, AMQPError, OSError)
TIMEOUT_SECONDS = 5


def make_broker(settings: Settings) -> Broker:
    """The broker of the settings, not connected yet. Raises ConfigurationError.

    Dramatiq's retries and time limits are omitted: another wake-up message follows within a
    minute, and a run may take an hour.
    """
    middleware: list[Middleware] = [ShutdownNotifications(notify_shutdown=True), AsyncIO()]
    if settings.embedded:
        return StubBroker(middleware=middleware)
    check_broker_url(settings.broker_url)
    try:
        if urlsplit(settings.broker_url).scheme in RABBITMQ:
            return _rabbitmq(settings.broker_url, middleware)
        client = _redis(settings.broker_url)
        # The client of Redis checks its options only here.
        client.connection_pool.make_connection()
    except (ValueError, TypeError):
        raise ConfigurationError(
            "TENURE_BROKER_URL has an option after the ? that is unknown to the broker's client."
        ) from None
    return RedisBroker(  # type: ignore[no-untyped-call]
        client=client, namespace=settings.broker_queue, middleware=middleware
    )


class BrokerConnection(Protocol):
    """A connection that tells whether the broker can be reached."""

    def ping(self) -> None:
        """Raises one of BROKER_ERRORS if the broker does not answer."""

    def close(self) -> None:
        """Close every connection to the broker."""


def broker_connection(broker: Broker) -> BrokerConnection:
    """The connection to Redis or RabbitMQ. Raises ConfigurationError for an embedded broker."""
    if isinstance(broker, RedisBroker):
        return RedisConnection(broker.client)
    if isinstance(broker, RabbitmqBroker):
        return RabbitmqConnection(broker)
    raise ConfigurationError(
        "TENURE_BROKER_URL is empty: without a broker `tenure serve` runs all jobs itself."
    )


@dataclass(frozen=True, slots=True)
class RedisConnection:
    """Redis, with its PING."""

    client: redis.Redis

    def ping(self) -> None:
        """See BrokerConnection."""
        self.client.ping()

    def close(self) -> None:
        """See BrokerConnection."""
        self.client.close()


@dataclass(slots=True)
class RabbitmqConnection:
    """RabbitMQ. The connection is kept open, because RabbitMQ logs every new one."""

    broker: RabbitmqBroker
    connection: pika.BlockingConnection | None = None

    def ping(self) -> None:
        """Process what the server has sent since, for example that it shuts down."""
        if self.connection is None or not self.connection.is_open:
            self.connection = pika.BlockingConnection(self.broker.parameters)
        self.connection.process_data_events()

    def close(self) -> None:
        """See BrokerConnection."""
        with suppress(*BROKER_ERRORS):
            if self.connection is not None:
                self.connection.close()
        self.broker.close()


def _redis(url: str) -> redis.Redis:
    return redis.Redis.from_url(
        url, socket_timeout=TIMEOUT_SECONDS, socket_connect_timeout=TIMEOUT_SECONDS
    )


def _rabbitmq(url: str, middleware: list[Middleware]) -> Broker:
    # Without confirmation the first message on a connection that the server has closed is lost.
    broker = RabbitmqBroker(url=url, confirm_delivery=True, middleware=middleware)
    parameters = cast("pika.URLParameters", broker.parameters)
    parameters.socket_timeout = parameters.stack_timeout = parameters.blocked_connection_timeout = (
        TIMEOUT_SECONDS
    )
    return broker
