"""A webhook, and accounts whose events are delivered to it."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import partial
from typing import Any, TypeVar

import pytest
from sqlalchemy import select

from tenure.accounts.actions import update
from tenure.events.queries import newest_position
from tenure.kernel.actor import Actor
from tenure.kernel.settings import WebhookSettings
from tenure.kernel.unit import Runtime, Unit
from tenure.webhooks.deliveries.actions import Round, run_round
from tenure.webhooks.deliveries.models import Webhook, WebhookDelivery
from tenure.webhooks.deliveries.rules import AttemptResult, ClaimedDelivery
from tenure.webhooks.endpoints.actions import create_webhook, update_webhook
from tests import builders
from tests.conftest import ANA, NOON, SECRET_KEY

T = TypeVar("T")
URL = "http://receiver.test/events"


@pytest.fixture
async def runtime(runtime: Runtime) -> Runtime:
    """Private addresses are allowed."""
    return replace(runtime, webhooks=WebhookSettings(allow_private=True, key=lambda: SECRET_KEY))


@dataclass(slots=True)
class Queue:
    """A webhook and its worker, at a time that the test sets."""

    runtime: Runtime
    webhook_id: int = 0
    secret: str = ""
    now: datetime = NOON
    claimed: dict[int, ClaimedDelivery] = field(default_factory=dict)

    async def unit(self, operation: Callable[[Unit], Awaitable[T]], actor: Actor = ANA) -> T:
        """Run an operation in a unit of its own."""
        return await self.runtime.run_in_unit(actor, operation)

    async def create(self, **given: Any) -> int:
        """Create the webhook."""
        position = await self.position()
        made = partial(
            create_webhook, runtime=self.runtime, position=position, **{"url": URL} | given
        )
        webhook, self.secret = await self.unit(made)
        self.webhook_id = webhook.id
        return webhook.id

    async def update(self, **given: Any) -> tuple[Webhook, str | None]:
        """Update the webhook."""
        changed = partial(update_webhook, runtime=self.runtime, webhook_id=self.webhook_id, **given)
        return await self.unit(changed)

    async def position(self) -> int:
        """The position of the newest event."""
        async with self.runtime.database.connection() as connection:
            return await newest_position(connection)

    async def round(self, *results: AttemptResult) -> Round:
        """A round of the worker."""
        operation = partial(
            run_round,
            webhook_id=self.webhook_id,
            results=results,
            newest_position=await self.position(),
            now=self.now,
        )
        done = await self.unit(operation)
        self.claimed |= {self.event_of(it): it for it in done.claimed}
        return done

    @staticmethod
    def event_of(claimed: ClaimedDelivery) -> int:
        """The id of the event of a claimed delivery."""
        return int(claimed.message_id.split("_")[2])

    def result(
        self, event_id: int, error: str | None = None, status: int | None = None
    ) -> AttemptResult:
        """The result of the last attempt to deliver an event."""
        claimed = self.claimed[event_id]
        status = status or (503 if error else 200)
        return AttemptResult(claimed.delivery_id, claimed.attempt, status, error)

    async def events_claimed(self, *results: AttemptResult) -> list[int]:
        """The ids of the events that a round claims."""
        return [self.event_of(it) for it in (await self.round(*results)).claimed]

    async def account(self, name: str = "Carla") -> int:
        """A new account, which has one event."""
        return await self.unit(lambda unit: builders.account(unit, name))

    async def change(self, account_id: int, name: str) -> None:
        """One more event of an account."""
        await self.unit(lambda unit: update(unit, account_id, name=name))

    async def webhook(self) -> Webhook:
        """The row of the webhook."""
        async with self.runtime.database.reading() as session:
            return await session.get_one(Webhook, self.webhook_id)

    async def deliveries(self) -> Sequence[WebhookDelivery]:
        """The rows of the deliveries, oldest first."""
        async with self.runtime.database.reading() as session:
            statement = select(WebhookDelivery).order_by(WebhookDelivery.id)
            return (await session.scalars(statement)).all()

    async def statuses(self) -> list[str]:
        """The statuses of the deliveries, oldest first."""
        return [it.status.value for it in await self.deliveries()]


@pytest.fixture
async def queue(runtime: Runtime) -> Queue:
    """A webhook for every kind of event."""
    made = Queue(runtime)
    await made.create()
    return made
