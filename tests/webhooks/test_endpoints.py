"""Webhooks are created, changed and deleted by admins, with audit entries (rules 10)."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select

from tenure.audit.models import AuditEntry
from tenure.events.models import EventKind
from tenure.kernel.clock import real_now
from tenure.kernel.errors import ConfigurationError, ErrorCode
from tenure.kernel.settings import Settings, WebhookSettings
from tenure.settings.queries import runtime_of
from tenure.webhooks.deliveries.actions import redeliver
from tenure.webhooks.deliveries.models import Webhook, WebhookStatus
from tenure.webhooks.deliveries.rules import Secrets, secrets_at
from tenure.webhooks.endpoints import rules
from tenure.webhooks.endpoints.actions import delete_webhook, secret_cipher
from tenure.webhooks.endpoints.queries import webhooks
from tests.checks import ABE, MIA, VIC, forbidden, nothing_written, refused
from tests.conftest import ANA
from tests.webhooks.conftest import URL, Queue

OTHER = "http://other.test/"


async def last_entry(queue: Queue) -> tuple[str, str, str, object]:
    """Actor, action, summary and details of the last audit entry."""
    async with queue.runtime.database.reading() as session:
        newest = select(AuditEntry).order_by(AuditEntry.id.desc()).limit(1)
        entry = (await session.execute(newest)).scalar_one()
    return entry.actor, entry.action.value, entry.summary, entry.details


async def last_values(queue: Queue) -> object:
    """The values of the summary of the last audit entry."""
    async with queue.runtime.database.reading() as session:
        newest = select(AuditEntry.summary_values).order_by(AuditEntry.id.desc()).limit(1)
        return (await session.execute(newest)).scalar_one()


async def all_webhooks(queue: Queue) -> list[int]:
    """The ids of the listed webhooks."""
    async with queue.runtime.database.reading() as session:
        return [it.id for it in await webhooks(session)]


async def test_creation(queue: Queue) -> None:
    kinds = [EventKind.USAGE, EventKind.PAYMENT, EventKind.USAGE]
    await queue.create(url=f" {OTHER} ", event_kinds=kinds, description=" Shop ")
    webhook = await queue.webhook()
    assert (webhook.url, webhook.description) == (OTHER, "Shop")
    assert webhook.event_kinds == [EventKind.USAGE, EventKind.PAYMENT]
    assert (webhook.status, webhook.version) == (WebhookStatus.ACTIVE, 1)
    assert (webhook.created_by, webhook.deleted_at) == (ANA.name, None)
    assert await last_entry(queue) == (
        ANA.name,
        "WEBHOOK_CHANGED",
        f"Created webhook {OTHER}.",
        {
            "url": [None, OTHER],
            "eventKinds": [None, ["USAGE", "PAYMENT"]],
            "description": [None, "Shop"],
        },
    )


async def test_secrets_are_stored_encrypted(queue: Queue) -> None:
    webhook = await queue.webhook()
    assert queue.secret.startswith("whsec_")
    assert queue.secret[6:] not in webhook.secret
    assert secret_cipher(queue.runtime).decrypt(webhook.secret) == queue.secret
    _, new = await queue.update(rotate_secret=True)
    stored = repr([vars(await queue.webhook()), await last_entry(queue)])
    assert new is not None
    assert queue.secret[6:] not in stored
    assert new[6:] not in stored


async def test_rotation(queue: Queue) -> None:
    """Rules 10: both secrets sign for a day; the entry has neither."""
    first = (await queue.webhook()).secret
    before = real_now()
    webhook, new = await queue.update(rotate_secret=True)
    assert new is not None
    assert secret_cipher(queue.runtime).decrypt(webhook.secret) == new
    ends_at = webhook.previous_secret_ends_at
    assert ends_at is not None
    assert before + timedelta(days=1) <= ends_at <= real_now() + timedelta(days=1)
    second = timedelta(seconds=1)
    assert secrets_at(webhook, ends_at - second) == Secrets(webhook.secret, first)
    assert secrets_at(webhook, ends_at) == Secrets(webhook.secret)
    assert webhook.version == 2
    assert await last_entry(queue) == (
        ANA.name,
        "WEBHOOK_CHANGED",
        f"Rotated the secret of webhook {URL}.",
        None,
    )


async def test_changes(queue: Queue) -> None:
    webhook, secret = await queue.update(
        url=OTHER,
        description="Shop",
        event_kinds=[EventKind.USAGE],
        status=WebhookStatus.PAUSED,
        expected_version=1,
    )
    assert secret is None
    assert (webhook.url, webhook.description, webhook.version) == (OTHER, "Shop", 2)
    assert (webhook.event_kinds, webhook.status) == ([EventKind.USAGE], WebhookStatus.PAUSED)
    assert await last_entry(queue) == (
        ANA.name,
        "WEBHOOK_CHANGED",
        f"Changed webhook {OTHER}.",
        {
            "url": [URL, OTHER],
            "description": [None, "Shop"],
            "eventKinds": [[], ["USAGE"]],
            "status": ["ACTIVE", "PAUSED"],
        },
    )
    async with nothing_written(queue.runtime):
        await queue.update(url=OTHER, status=WebhookStatus.PAUSED)
    webhook, _ = await queue.update(description=None)
    assert (webhook.description, webhook.version) == (None, 3)


@pytest.mark.parametrize(
    ("given", "code", "path"),
    [
        ({"url": "nowhere"}, ErrorCode.INVALID, "url"),
        ({"url": None}, ErrorCode.REQUIRED, "url"),
        ({"event_kinds": None}, ErrorCode.REQUIRED, "event_kinds"),
        ({"description": "x" * 256}, ErrorCode.OUT_OF_RANGE, "description"),
        ({"description": "\0"}, ErrorCode.INVALID, "description"),
        ({"status": None}, ErrorCode.REQUIRED, "status"),
        ({"status": WebhookStatus.FAILING}, ErrorCode.INVALID, "status"),
        ({"expected_version": 2, "description": "x"}, ErrorCode.CONFLICT, "expected_version"),
    ],
)
async def test_refused_changes(
    queue: Queue, given: dict[str, object], code: ErrorCode, path: str
) -> None:
    async with refused(queue.runtime, code, path):
        await queue.update(**given)


async def test_deletion(queue: Queue) -> None:
    """Nothing is sent any more, and the webhook cannot be changed."""
    await queue.account()
    await queue.round()
    [delivery] = await queue.deliveries()
    deleted = await queue.unit(lambda unit: delete_webhook(unit, queue.webhook_id))
    assert deleted.deleted_at is not None
    assert await last_entry(queue) == (
        ANA.name,
        "WEBHOOK_CHANGED",
        f"Deleted webhook {URL}.",
        None,
    )
    assert await all_webhooks(queue) == []
    assert (await queue.round()).claimed == ()
    async with refused(queue.runtime, ErrorCode.NOT_FOUND, "webhook_id"):
        await queue.update(description="x")
    async with refused(queue.runtime, ErrorCode.NOT_FOUND, "webhook_id"):
        await queue.unit(lambda unit: delete_webhook(unit, queue.webhook_id))
    async with refused(queue.runtime, ErrorCode.NOT_FOUND, "delivery_id"):
        await queue.unit(lambda unit: redeliver(unit, delivery.id, now=queue.now))


@pytest.mark.parametrize("actor", [VIC, ABE, MIA])
async def test_only_admins(queue: Queue, actor: object) -> None:
    """Rules 10: ADMIN."""
    assert actor in (VIC, ABE, MIA)
    await queue.account()
    await queue.round()
    [delivery] = await queue.deliveries()
    position = await queue.position()

    def of_actor(operation: object) -> object:
        return queue.unit(operation, actor)  # type: ignore[arg-type]

    from tenure.webhooks.endpoints.actions import create_webhook, update_webhook  # noqa: PLC0415

    for operation in (
        lambda unit: create_webhook(unit, queue.runtime, position=position, url=URL),
        lambda unit: update_webhook(unit, queue.runtime, queue.webhook_id, description="x"),
        lambda unit: delete_webhook(unit, queue.webhook_id),
        lambda unit: redeliver(unit, delivery.id, now=queue.now),
    ):
        async with forbidden(queue.runtime):
            await of_actor(operation)  # type: ignore[misc]


async def test_at_most_a_hundred(queue: Queue, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rules, "MAX_WEBHOOKS", 2)
    await queue.create()
    async with refused(queue.runtime, ErrorCode.NOT_ALLOWED):
        await queue.create()
    await queue.unit(lambda unit: delete_webhook(unit, queue.webhook_id))
    await queue.create()


async def test_private_addresses_need_the_setting(queue: Queue) -> None:
    webhooks = replace(queue.runtime.webhooks, allow_private=False)
    queue.runtime = replace(queue.runtime, webhooks=webhooks)
    async with refused(queue.runtime, ErrorCode.INVALID, "url"):
        await queue.create(url="https://127.0.0.1/")


async def test_without_a_key(queue: Queue) -> None:
    """PostgreSQL needs TENURE_SECRET_KEY; the message says so, and nothing is written."""
    settings = Settings(_env_file=None, database_url="postgresql://nowhere/tenure")
    opened = runtime_of(settings, queue.runtime.database)
    assert isinstance(opened.webhooks, WebhookSettings)
    queue.runtime = replace(queue.runtime, webhooks=opened.webhooks)
    async with nothing_written(queue.runtime):
        with pytest.raises(ConfigurationError, match="TENURE_SECRET_KEY must be set"):
            await queue.create(url="https://example.com/")


async def test_the_row_hides_nothing(queue: Queue) -> None:
    """A version grows with changes of admins only, not with deliveries."""
    await queue.account()
    await queue.round()
    async with queue.runtime.database.reading() as session:
        assert (await session.get_one(Webhook, queue.webhook_id)).version == 1


async def test_values_of_the_summaries(queue: Queue) -> None:
    """What the audit log says, for programs."""
    webhook = {"webhook": URL}
    assert await last_values(queue) == {"operation": "WEBHOOK_CREATED", **webhook}
    await queue.account()
    await queue.round()
    [delivery] = await queue.deliveries()
    await queue.unit(lambda unit: redeliver(unit, delivery.id, now=queue.now))
    requested = {"operation": "DELIVERY_REQUESTED", "delivery": delivery.id, **webhook}
    assert await last_values(queue) == requested
    for changes, operation in (
        ({"description": "x"}, {}),
        ({"rotate_secret": True}, {"operation": "WEBHOOK_SECRET_ROTATED"}),
        (
            {"description": "y", "rotate_secret": True},
            {"operation": "WEBHOOK_CHANGED_AND_SECRET_ROTATED"},
        ),
    ):
        await queue.update(**changes)
        assert await last_values(queue) == operation | webhook
    await queue.unit(lambda unit: delete_webhook(unit, queue.webhook_id))
    assert await last_values(queue) == {"operation": "WEBHOOK_DELETED", **webhook}
