"""Webhooks in the API: admins read and change them, and nobody else (rules 10)."""

from dataclasses import replace
from datetime import datetime
from decimal import Decimal
from functools import partial
from typing import Any

import orjson
import pytest
from sqlalchemy import select
from standardwebhooks import Webhook as Verifier

from tenure.events.models import Event
from tenure.events.queries import newest_position
from tenure.kernel.actor import Actor
from tenure.kernel.clock import real_now
from tenure.kernel.dry_run import dry_run
from tenure.kernel.settings import WebhookSettings
from tenure.kernel.unit import Runtime
from tenure.usage.recording.actions import record_usage
from tenure.usage.recording.rules import UsageLine
from tenure.webhooks.deliveries.actions import run_round
from tenure.webhooks.deliveries.queries import events_with_subjects
from tenure.webhooks.deliveries.rules import AttemptResult, event_message
from tests import builders
from tests.checks import ABE, MIA, VIC, nothing_written
from tests.conftest import ANA, NOON, SECRET_KEY
from tests.graphql.caller import Caller, check_refused, global_id
from tests.webhooks.receiver import Answer, receiving

URL = "https://example.com/tenure"
WEBHOOK = """webhook {
  id url eventKinds description status failingSince createdBy deletedAt version
  deliveries { totalCount }
} secret"""
LIST = """{ webhooks { totalCount pageInfo { hasNextPage } edges { cursor } nodes {
  id url eventKinds status version createdAt
  deliveries(first: 10) { totalCount nodes {
    id status attempts createdAt lastAttemptAt nextAttemptAt responseStatus error
    webhook { id } event { id kind account { name } }
  } }
} } }"""


@pytest.fixture
def ask(runtime: Runtime) -> Caller:
    """Ana, an admin."""
    webhooks = WebhookSettings(key=lambda: SECRET_KEY)
    return Caller(replace(runtime, webhooks=webhooks), ANA)


async def created(ask: Caller, **given: Any) -> dict[str, Any]:
    """The payload of a new webhook."""
    answer: dict[str, Any] = await ask.change(
        "createWebhook", "CreateWebhookInput", WEBHOOK, **{"url": URL} | given
    )
    assert answer["errors"] == []
    return answer


async def delivered(
    ask: Caller, webhook_id: int, *results: AttemptResult, now: datetime = NOON
) -> list[int]:
    """A round of the worker; the ids of the claimed deliveries."""
    async with ask.runtime.database.connection() as connection:
        position = await newest_position(connection)
    operation = partial(
        run_round, webhook_id=webhook_id, results=results, newest_position=position, now=now
    )
    found = await ask.runtime.run_in_unit(ANA, operation)
    return [it.delivery_id for it in found.claimed]


async def test_webhooks_by_status(ask: Caller) -> None:
    for _ in range(2):
        made = (await created(ask, eventKinds=["USAGE"]))["webhook"]["id"]
    paused = {"webhookId": made, "status": "PAUSED"}
    await ask.change("updateWebhook", "UpdateWebhookInput", "webhook { id }", **paused)
    document = "query($s: [WebhookStatus!]) { webhooks(status: $s) { totalCount } }"
    for status, count in ((["PAUSED"], 1), (["ACTIVE", "PAUSED"], 2), (["FAILING"], 0), ([], 2)):
        assert (await ask(document, s=status))["webhooks"]["totalCount"] == count


async def test_life_of_a_webhook(ask: Caller) -> None:
    """Created, updated, rotated, deleted. The secret is shown when it is made, and only then."""
    answer = await created(ask, eventKinds=["USAGE", "STATUS_CHANGE"], description="Shop")
    assert answer["secret"].startswith("whsec_")
    webhook = answer["webhook"]
    assert webhook == {
        "id": global_id("Webhook", 1),
        "url": URL,
        "eventKinds": ["USAGE", "STATUS_CHANGE"],
        "description": "Shop",
        "status": "ACTIVE",
        "failingSince": None,
        "createdBy": ANA.name,
        "deletedAt": None,
        "version": 1,
        "deliveries": {"totalCount": 0},
    }
    change = partial(ask.change, "updateWebhook", "UpdateWebhookInput", WEBHOOK)
    paused = await change(webhookId=webhook["id"], status="PAUSED", expectedVersion=1)
    assert (paused["webhook"]["status"], paused["secret"]) == ("PAUSED", None)
    rotated = await change(webhookId=webhook["id"], rotateSecret=True, eventKinds=[])
    assert rotated["secret"] not in (None, answer["secret"])
    assert (rotated["webhook"]["eventKinds"], rotated["webhook"]["version"]) == ([], 3)
    shown = await ask(LIST)
    assert shown["webhooks"]["totalCount"] == 1
    document = (
        "mutation($id: ID!) { deleteWebhook(webhookId: $id) "
        "{ webhook { deletedAt } errors { code } } }"
    )
    deleted = (await ask(document, id=webhook["id"]))["deleteWebhook"]
    assert (deleted["webhook"]["deletedAt"] is None, deleted["errors"]) == (False, [])
    assert (await ask(LIST))["webhooks"]["nodes"] == []


async def test_test_message(ask: Caller) -> None:
    """Sent at once, also by a paused webhook, with the answer of the endpoint; not by a dry run."""
    document = """mutation($id: ID!) {
      testWebhook(webhookId: $id) { responseStatus error errors { code path } }
    }"""
    webhooks = WebhookSettings(allow_private=True, key=lambda: SECRET_KEY)
    local = Caller(replace(ask.runtime, webhooks=webhooks), ANA)
    with receiving() as receiver:
        answer = await created(local, url=receiver.url)
        webhook = answer["webhook"]["id"]
        await local.change(
            "updateWebhook", "UpdateWebhookInput", "", webhookId=webhook, status="PAUSED"
        )
        async with nothing_written(ask.runtime), dry_run(local.runtime) as rolled_back:
            dry = (await Caller(rolled_back, ANA)(document, id=webhook))["testWebhook"]
        refusal = "Dry run: nothing was sent."
        assert dry == {"responseStatus": None, "error": refusal, "errors": []}
        assert receiver.requests == []
        async with nothing_written(ask.runtime):
            sent = (await local(document, id=webhook))["testWebhook"]
            assert sent == {"responseStatus": 204, "error": None, "errors": []}
            receiver.answer = lambda _: Answer(500, b"full")
            sent = (await local(document, id=webhook))["testWebhook"]
        refusal = "The endpoint answered: 500 full"
        assert sent == {"responseStatus": 500, "error": refusal, "errors": []}
        Verifier(answer["secret"]).verify(receiver.requests[0].body, receiver.requests[0].headers)
    unknown = (await local(document, id=global_id("Webhook", 99)))["testWebhook"]
    assert unknown["errors"] == [{"code": "NOT_FOUND", "path": ["webhookId"]}]


async def test_deliveries(ask: Caller) -> None:
    """With every attempt, by status, and again by hand."""
    webhook = (await created(ask))["webhook"]
    async with ask.runtime.unit(ANA) as unit:
        await builders.account(unit, "Carla")
    [delivery] = await delivered(ask, 1)
    await delivered(ask, 1, AttemptResult(delivery, 1, 503, "The endpoint answered: 503"))
    [node] = (await ask(LIST))["webhooks"]["nodes"]
    [found] = node["deliveries"]["nodes"]
    created_at = found.pop("createdAt")
    assert created_at == "2026-11-10T12:00:00Z"
    assert found == {
        "id": global_id("WebhookDelivery", delivery),
        "status": "PENDING",
        "attempts": 1,
        "lastAttemptAt": "2026-11-10T12:00:00Z",
        "nextAttemptAt": "2026-11-10T12:00:05Z",
        "responseStatus": 503,
        "error": "The endpoint answered: 503",
        "webhook": {"id": webhook["id"]},
        "event": {
            "id": global_id("Event", 1),
            "kind": "ACCOUNT_CHANGE",
            "account": {"name": "Carla"},
        },
    }
    document = """query($status: [WebhookDeliveryStatus!], $id: ID!) { node(id: $id) {
      ... on Webhook { deliveries(status: $status) { totalCount } } } }"""
    for status, count in (("PENDING", 1), ("DELIVERED", 0)):
        shown = await ask(document, status=[status], id=webhook["id"])
        assert shown["node"]["deliveries"]["totalCount"] == count
    redeliver = (
        "mutation($id: ID!) { redeliverWebhook(deliveryId: $id) "
        "{ delivery { status attempts } errors { code path } } }"
    )
    again = (await ask(redeliver, id=found["id"]))["redeliverWebhook"]
    assert again == {"delivery": {"status": "PENDING", "attempts": 1}, "errors": []}
    assert await delivered(ask, 1, now=real_now()) == [delivery]


@pytest.mark.parametrize("actor", [VIC, ABE, MIA])
async def test_only_admins_read_and_change(ask: Caller, actor: Actor) -> None:
    """Rules 10: FORBIDDEN for all others, in lists and by id, and in compiled reads as well."""
    webhook = (await created(ask))["webhook"]
    async with ask.runtime.unit(ANA) as unit:
        account = await builders.account(unit, "Carla")
    [delivery] = await delivered(ask, 1)
    lower = ask.acting_as(actor)
    async with nothing_written(ask.runtime):
        assert await lower.code("{ webhooks { totalCount } }") == "FORBIDDEN"
        for id_ in (webhook["id"], global_id("WebhookDelivery", delivery)):
            assert await lower.code("query($id: ID!) { node(id: $id) { id } }", id=id_) == (
                "FORBIDDEN"
            )
            assert await lower.code("query($id: ID!) { nodes(ids: [$id]) { id } }", id=id_) == (
                "FORBIDDEN"
            )
            assert await lower.code(f'{{ node(id: "{id_}") {{ __typename }} }}') == "FORBIDDEN"
        made = 'mutation { createWebhook(input: {url: "https://a.example/"}) { secret } }'
        assert await lower.code(made) == "FORBIDDEN"
    known = await lower(
        "query($id: ID!) { node(id: $id) { id } }", id=global_id("Account", account)
    )
    assert known["node"]["id"] == global_id("Account", account)


async def test_compiled_reads_check_the_role(ask: Caller) -> None:
    """A statement that was compiled for an admin is not executed for others."""
    await created(ask)
    document = "{ webhooks { nodes { url secret: status } } }"
    assert (await ask(document))["webhooks"]["nodes"] == [{"url": URL, "secret": "ACTIVE"}]
    from tenure.graphql.http.context import Context, QueryRequest  # noqa: PLC0415
    from tests.graphql import caller  # noqa: PLC0415

    compiled = caller._COMPILED
    before = compiled.fallbacks["forbidden"]
    from graphql import parse  # noqa: PLC0415

    for actor, answered in ((ANA, True), (MIA, False)):
        context = Context(ask.runtime, actor, compiled=compiled)
        data = await compiled.answer(context, parse(document), QueryRequest(document, None, {}))
        assert (data is not None) is answered
    assert compiled.fallbacks["forbidden"] == before + 1


@pytest.mark.parametrize(
    ("field", "given", "error"),
    [
        ("createWebhook", {"url": "http://example.com"}, "INVALID input.url"),
        ("createWebhook", {"url": " "}, "REQUIRED input.url"),
        (
            "createWebhook",
            {"url": URL, "description": "x" * 256},
            "OUT_OF_RANGE input.description",
        ),
        ("updateWebhook", {"webhookId": "x"}, "NOT_FOUND input.webhookId"),
        ("updateWebhook", {"webhookId": global_id("Account", 1)}, "INVALID input.webhookId"),
        (
            "updateWebhook",
            {"webhookId": global_id("Webhook", 1), "status": "FAILING"},
            "INVALID input.status",
        ),
        (
            "updateWebhook",
            {"webhookId": global_id("Webhook", 1), "expectedVersion": 7},
            "CONFLICT input.expectedVersion",
        ),
        (
            "updateWebhook",
            {"webhookId": global_id("Webhook", 1), "eventKinds": None},
            "REQUIRED input.eventKinds",
        ),
    ],
)
async def test_refused(ask: Caller, field: str, given: dict[str, Any], error: str) -> None:
    await created(ask)
    await check_refused(ask, field, given, error)


async def test_message_is_the_event_as_the_api_gives_it(ask: Caller) -> None:
    """Each field of the message has the value that GraphQL gives, for each kind of event."""
    async with ask.runtime.unit(ANA) as unit:
        await builders.catalog_offer(
            unit,
            monthly_fee=Decimal(30),
            purchase_fee=Decimal("9.99"),
            usage_rate=Decimal("0.05"),
            usage_unit="MB",
        )
        carla = await builders.account(unit, "Carla")
        service = await builders.service(unit, carla, "carla")
        await builders.purchased_offer(unit, carla, service)
    async with ask.runtime.unit(ANA) as unit:
        used = UsageLine("internet", "carla", Decimal(7), "MB", NOON, "one")
        await record_usage(unit, [used])
        parent = await builders.account(unit, "Parent")
        await builders.change_parent(unit, carla, parent_id=parent, parent_pays=True)
    async with ask.runtime.unit(ANA) as unit:
        await builders.set_account(
            unit, parent, builders.Status.INACTIVE, reason="Not paid: “Élodie”"
        )
    async with ask.runtime.database.reading() as session:
        ids = list(await session.scalars(select(Event.id).order_by(Event.id)))
        events = await events_with_subjects(session, ids)
    assert len(ids) > 6
    document = """query($id: ID!) { node(id: $id) { ... on Event {
      id kind account { id number name } service { id kind login } offer { id name }
      item { id } occurredAt recordedAt description quantity unit rate
      amount { amount currency } followed { id } fromStatus toStatus cause reason actor details
    } } }"""
    seen: dict[str, int] = {}
    for event_id in ids:
        message = orjson.loads(event_message(*events[event_id]))
        shown = (await ask(document, id=global_id("Event", event_id)))["node"]
        assert message == {
            "type": shown["kind"].lower(),
            "timestamp": shown["occurredAt"],
            "data": shown,
        }
        assert list(message["data"]) == list(shown)
        for name, value in message["data"].items():
            seen[name] = seen.get(name, 0) + (value is not None)
    assert [name for name, count in seen.items() if not count] == []
