"""Events that have no deliveries yet, deliveries that are due, and figures for operators."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, and_, case, exists, func, or_, select, true
from sqlalchemy.ext.asyncio import AsyncSession

from tenure.accounts.models import Account
from tenure.assets.models import PurchasedOffer, Service
from tenure.events.models import Event, EventCommit
from tenure.events.queries import LAST_ID
from tenure.kernel.dialects import in_ids
from tenure.kernel.errors import NotFoundError
from tenure.kernel.locks import for_no_key_update
from tenure.kernel.unit import Unit
from tenure.webhooks.deliveries.models import (
    Webhook,
    WebhookDelivery,
    WebhookDeliveryStatus,
    WebhookStatus,
)
from tenure.webhooks.deliveries.rules import EventSubject

# The events for which deliveries are recorded in one transaction.
CHUNK = 1_000

EXISTING = Webhook.deleted_at.is_(None)
IS_PENDING = WebhookDelivery.status == WebhookDeliveryStatus.PENDING


@dataclass(frozen=True, slots=True)
class EventPage:
    """Events in the order of their commits, as pairs of event id and account id.

    The page ends at (`position`, `event_id`). `is_last`: no later event was asked for.
    """

    events: Sequence[tuple[int, int]]
    position: int
    event_id: int
    is_last: bool


async def events_after(session: AsyncSession, webhook: Webhook, until: int) -> EventPage:
    """The next events for a webhook, of commits with a position up to `until`.

    On PostgreSQL the events of each commit are looked up by their range of ids. The left join
    yields a row for a commit without matching events, so that the page can end there.
    """
    kinds = [Event.kind.in_(webhook.event_kinds)] if webhook.event_kinds else []
    if session.get_bind().dialect.name == "sqlite":
        within = Event.id.between(webhook.position + 1, until)
        found = select(Event.id.label("position"), Event.id, Event.account_id)
        statement = found.where(within, *kinds).order_by(Event.id).limit(CHUNK)
    else:
        commits = (
            select(EventCommit)
            .where(EventCommit.position.between(webhook.position, until))
            .order_by(EventCommit.position)
            .limit(CHUNK)
            .subquery("commits")
        )
        after = case((commits.c.position == webhook.position, webhook.event_id), else_=0)
        some = (
            select(Event.id, Event.account_id)
            .where(
                Event.id.between(commits.c.first_event_id, commits.c.last_event_id),
                Event.id > after,
                Event.transaction_id == commits.c.transaction_id,
                *kinds,
            )
            .order_by(Event.id)
            .limit(CHUNK)
            .correlate(commits)
            .lateral("some")
        )
        joined = commits.outerjoin(some, true())
        columns = (commits.c.position, some.c.id, some.c.account_id)
        ordered = (commits.c.position, some.c.id)
        statement = select(*columns).select_from(joined).order_by(*ordered).limit(CHUNK)
    rows = (await session.execute(statement)).all()
    events = [(row.id, row.account_id) for row in rows if row.id is not None]
    if len(rows) < CHUNK:
        return EventPage(events, max(until, webhook.position), LAST_ID, is_last=True)
    last = rows[-1]
    return EventPage(events, last.position, LAST_ID if last.id is None else last.id, is_last=False)


async def webhooks_with_work(
    session: AsyncSession, newest_position: int, now: datetime
) -> Sequence[int]:
    """The webhooks that lack deliveries of events, or have a delivery that is due."""
    due = exists().where(WebhookDelivery.webhook_id == Webhook.id, *is_due(now))
    is_open = or_(Webhook.retry_at.is_(None), Webhook.retry_at <= now)
    has_due = and_(Webhook.status == WebhookStatus.ACTIVE, is_open, due)
    statement = select(Webhook.id).where(EXISTING, or_(Webhook.position < newest_position, has_due))
    return (await session.scalars(statement.order_by(Webhook.id))).all()


async def has_webhooks(session: AsyncSession) -> bool:
    """True if there is a webhook, whatever its status."""
    return (await session.execute(select(Webhook.id).where(EXISTING).limit(1))).first() is not None


def is_due(now: datetime) -> tuple[ColumnElement[bool], ...]:
    """A delivery may be attempted, and no attempt has claimed it."""
    claimed = WebhookDelivery.claimed_until
    return WebhookDelivery.next_attempt_at <= now, or_(claimed.is_(None), claimed <= now)


async def locked_webhook(
    unit: Unit, webhook_id: int, path: str = "webhook_id", *, with_deleted: bool = False
) -> Webhook:
    """The webhook, locked. Raises NOT_FOUND if there is none, or if it is deleted."""
    statement = for_no_key_update(select(Webhook).where(Webhook.id == webhook_id))
    if not with_deleted:
        statement = statement.where(EXISTING)
    found = await unit.session.execute(statement, execution_options={"populate_existing": True})
    webhook = found.scalar_one_or_none()
    if webhook is None:
        raise NotFoundError("webhook", (path,))
    return webhook


async def existing_webhook(session: AsyncSession, webhook_id: int) -> Webhook:
    """The webhook. Raises NOT_FOUND if there is none, or if it is deleted."""
    statement = select(Webhook).where(Webhook.id == webhook_id, EXISTING)
    webhook = (await session.execute(statement)).scalar_one_or_none()
    if webhook is None:
        raise NotFoundError("webhook", ("webhook_id",))
    return webhook


async def free_places(unit: Unit, webhook_id: int, now: datetime, limit: int) -> int:
    """How many of `limit` attempts at the same time are left for the locked webhook."""
    claimed = select(func.count()).where(
        WebhookDelivery.webhook_id == webhook_id,
        WebhookDelivery.claimed_until.is_not(None),
        WebhookDelivery.claimed_until > now,
    )
    return max(0, limit - int((await unit.session.execute(claimed)).scalar_one()))


async def accounts_with_pending(
    unit: Unit, webhook_id: int, account_ids: Collection[int]
) -> set[int]:
    """Those of the accounts that have a pending delivery of the webhook."""
    statement = (
        select(WebhookDelivery.account_id)
        .where(
            WebhookDelivery.webhook_id == webhook_id,
            IS_PENDING,
            in_ids(WebhookDelivery.account_id, account_ids),
        )
        .distinct()
    )
    return set(await unit.session.scalars(statement))


def earliest_pending(webhook_id: int, account_ids: Collection[int]) -> ColumnElement[bool]:
    """A delivery is the earliest pending one of its account, which is one of these."""
    earliest = (
        select(func.min(WebhookDelivery.id))
        .where(
            WebhookDelivery.webhook_id == webhook_id,
            IS_PENDING,
            in_ids(WebhookDelivery.account_id, account_ids),
        )
        .group_by(WebhookDelivery.account_id)
    )
    return WebhookDelivery.id.in_(earliest)


async def events_with_subjects(
    session: AsyncSession, event_ids: Collection[int]
) -> dict[int, tuple[Event, EventSubject]]:
    """These events by id, with the names of what they concern."""
    statement = (
        select(
            Event, Account.number, Account.name, Service.kind, Service.login, PurchasedOffer.name
        )
        .join(Account, Account.id == Event.account_id)
        .outerjoin(Service, Service.id == Event.service_id)
        .outerjoin(PurchasedOffer, PurchasedOffer.id == Event.offer_id)
        .where(in_ids(Event.id, event_ids))
    )
    rows = await session.execute(statement)
    return {
        event.id: (event, EventSubject(number, name, kind, login, offer))
        for event, number, name, kind, login, offer in rows
    }


@dataclass(frozen=True, slots=True)
class WebhookFigures:
    """The figures of one webhook for operators."""

    webhook_id: int
    url: str
    status: WebhookStatus
    succeeded_attempts: int
    failed_attempts: int
    pending: int
    oldest_pending_at: datetime | None


async def webhook_figures(session: AsyncSession) -> list[WebhookFigures]:
    """The figures of all webhooks."""
    pending = and_(WebhookDelivery.webhook_id == Webhook.id, IS_PENDING)
    oldest = func.min(WebhookDelivery.created_at)
    statement = select(
        Webhook,
        select(func.count(WebhookDelivery.id)).where(pending).correlate(Webhook).scalar_subquery(),
        select(oldest).where(pending).correlate(Webhook).scalar_subquery(),
    ).where(EXISTING)
    return [
        WebhookFigures(
            it.id, it.url, it.status, it.succeeded_attempts, it.failed_attempts, count, oldest
        )
        for it, count, oldest in await session.execute(statement.order_by(Webhook.id))
    ]


def of_account_in_flight(
    webhook_id: int, account_ids: Collection[int], now: datetime
) -> ColumnElement[bool]:
    """An attempt to deliver an event of one of the accounts has not ended."""
    return and_(
        WebhookDelivery.webhook_id == webhook_id,
        in_ids(WebhookDelivery.account_id, account_ids),
        WebhookDelivery.claimed_until > now,
    )
