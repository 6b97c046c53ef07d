"""All mutations and jobs take their locks in the order that `kernel.locks` describes."""

import json
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from graphql import build_schema
from sqlalchemy import select

from tenure.accounts.models import Account, BillUnit
from tenure.accounts.queries import locked_account
from tenure.assets.queries import locked_service
from tenure.batch import execute_run
from tenure.billing.bills.models import Bill, BillItem
from tenure.events.queries import newest_position
from tenure.graphql.types.ids import key_of
from tenure.hierarchy.payers.queries import lock_hierarchy
from tenure.idempotency.actions import claim_key, mark_done, store_answer
from tenure.idempotency.rules import Answer, KeyClaim
from tenure.identity.actions import create_user, set_password, update_user
from tenure.identity.attempts.actions import count_attempt, record_refusal, uncount_attempt
from tenure.identity.queries import user_of_email
from tenure.identity.rules import attempt_keys, digest_of
from tenure.identity.sessions.actions import open_session
from tenure.jobs.models import JobRun
from tenure.kernel.actor import Actor, Role
from tenure.kernel.db import Base
from tenure.kernel.unit import Runtime, Unit
from tenure.webhooks.deliveries.actions import Round, run_round
from tenure.webhooks.deliveries.rules import AttemptResult
from tenure.worker.expiry import delete_all_expired
from tests import builders
from tests.conftest import ANA, NOON
from tests.graphql.caller import Caller, global_id
from tests.importing.jobs import stored
from tests.lock_recorder import recorded_locks
from tests.shared import ROOT

pytestmark = pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)

AFTER_SIGN_UP = NOON + timedelta(days=2)
SOON, LATER = NOON + timedelta(days=3), NOON + timedelta(days=4)


SCHEMA = build_schema((ROOT / "frontend" / "schema.graphql").read_text())
MUTATIONS = SCHEMA.mutation_type.fields if SCHEMA.mutation_type else {}


class Scenario:
    """Sends mutations as Ana and notes which ones were sent."""

    def __init__(self, runtime: Runtime) -> None:
        self.runtime = runtime
        self.caller = Caller(runtime, ANA)
        self.sent: set[str] = set()

    async def send(self, mutation: str, payload: str, **given: Any) -> Any:
        """The payload of a mutation that must succeed."""
        self.sent.add(mutation)
        takes = MUTATIONS[mutation].args
        variables = {"input": given} if "input" in takes else given
        types = ", ".join(f"${name}: {it.type}" for name, it in takes.items())
        passed = ", ".join(f"{name}: ${name}" for name in takes)
        document = (
            f"mutation({types}) {{ {mutation}({passed}) {{ {payload} errors {{ code path }} }} }}"
        )
        data, errors = await self.caller.answer(document, **variables)
        assert errors == [], errors
        assert data[mutation]["errors"] == [], mutation
        return data[mutation]

    async def id_of(self, mutation: str, field: str, **given: Any) -> str:
        """The global id of what a mutation created or changed."""
        answer = await self.send(mutation, f"{field} {{ id }}", **given)
        return str(answer[field]["id"])

    async def newest(self, kind: str, table: type[Base], **columns: Any) -> str:
        """The global id of the newest row of a table."""
        key = table.__table__.c.id
        rows = select(key).filter_by(**columns).order_by(key.desc()).limit(1)
        async with self.runtime.database.reading() as session:
            return global_id(kind, (await session.execute(rows)).scalar_one())

    async def run_job(self, kind: str) -> None:
        """Start a job run and execute it."""
        await self.send("startJob", "jobRun { id }", kind=kind)
        await self.execute_newest_run()

    async def execute_newest_run(self) -> None:
        """Execute the job run that was started last."""
        async with self.runtime.database.reading() as session:
            newest = select(JobRun.id).order_by(JobRun.id.desc()).limit(1)
            run_id = (await session.execute(newest)).scalar_one()
        await execute_run(self.runtime, run_id)


async def sign_up(scenario: Scenario) -> dict[str, str]:
    """Ada pays for Bob. Cora pays for herself, by a card that is declined. Returns their ids."""
    create = scenario.id_of
    prices = {"monthlyFee": "30", "purchaseFee": "10", "cancelFee": "5"}
    usage = {"usageRate": "0.1", "usageUnit": "minute"}
    await create("createOffer", "offer", code="flat", name="Flat", kind="CHARGE", **prices, **usage)
    ada = await create("createAccount", "account", name="Ada", billingDayOfMonth=20)
    under = {"parentId": ada, "parentPays": True}
    bob = await create("createAccount", "account", name="Bob", **under)
    cora = await create("createAccount", "account", name="Cora", billingDayOfMonth=20)
    card = {"kind": "CREDIT_CARD", "token": "tok_invalid_card", "brand": "Visa", "lastFour": "4242"}
    until = {"expirationMonth": 12, "expirationYear": 2030}
    method = await create("addPaymentMethod", "paymentMethod", accountId=cora, **card, **until)
    await create("addPaymentMethod", "paymentMethod", accountId=cora, kind="INVOICE")
    await create("setDefaultPaymentMethod", "paymentMethod", paymentMethodId=method)
    later = {"expirationMonth": 11, "expirationYear": 2031}
    await create("updateCardExpiration", "paymentMethod", paymentMethodId=method, **later)
    ids = {"ada": ada, "bob": bob, "cora": cora}
    for name in ("ada", "bob", "cora"):
        ids[f"{name}'s service"] = await create(
            "addService",
            "service",
            accountId=ids[name],
            kind="telephony",
            login=name,
            offerCodes=["flat"],
        )
        await create("purchaseOffer", "offer", accountId=ids[name], offerCode="flat")
    return ids


async def change_accounts(scenario: Scenario, ids: dict[str, str]) -> None:
    """Usage, changes of status, deferred ones, and of the hierarchy."""
    ada, bob, cora = ids["ada"], ids["bob"], ids["cora"]
    scenario.sent.add("recordUsage")
    usage = (
        "mutation($input: [RecordUsageInput!]!) { recordUsage(input: $input) { errors { code } } }"
    )
    lines = [
        {"serviceKind": "telephony", "login": name, "quantity": "5", "unit": "minute"}
        | {"reference": name}
        for name in ("bob", "ada", "cora")
    ]
    assert (await scenario.caller(usage, input=lines))["recordUsage"] == {"errors": []}
    await scenario.send("updateAccount", "account { id }", accountId=bob, name="Robert")
    await scenario.send("setClock", "clock { now }", now=AFTER_SIGN_UP.isoformat())
    await scenario.send(
        "changeAccountStatus",
        "account { id }",
        accountId=ada,
        status="INACTIVE",
        backdateTo="2026-11-11",
        reactivateOn=LATER.isoformat(),
    )
    await scenario.send("changeAccountStatus", "account { id }", accountId=ada, status="ACTIVE")
    for status in ("INACTIVE", "ACTIVE"):
        await scenario.send(
            "changeAssetStatus", "asset { id }", assetId=ids["bob's service"], status=status
        )
    second = await scenario.id_of("addBillUnit", "billUnit", accountId=ada, name="Second")
    own = await scenario.newest("BillUnit", BillUnit, is_default=True)
    await scenario.send("changePayer", "billUnit { id }", billUnitId=own, payingParentId=second)
    await scenario.send("changePayer", "billUnit { id }", billUnitId=own, payingParentId=None)
    await scenario.send(
        "changeHierarchy", "account { id }", accountId=cora, parentId=ada, parentPays=True
    )
    await scenario.send("changeHierarchy", "account { id }", accountId=cora, parentId=None)
    deferred = {"accountId": bob, "deferUntil": SOON.isoformat()}
    await scenario.send("changeHierarchy", "account { id }", parentId=cora, **deferred)


async def change_many_accounts(scenario: Scenario, ids: dict[str, str]) -> None:
    """Status change jobs of a payer and of whom it pays for: now, back, and deferred."""
    of_all = {"accountIds": [ids["ada"], ids["bob"], ids["cora"]]}
    for change in (
        {"status": "INACTIVE", "reactivateOn": LATER.isoformat()},
        {"status": "ACTIVE"},
        {"status": "INACTIVE", "deferUntil": (LATER + timedelta(days=90)).isoformat()},
    ):
        run = await scenario.id_of("startStatusChangeJob", "jobRun", **of_all, **change)
        await execute_run(scenario.runtime, key_of(run, "JobRun"))


async def change_notes_and_contacts(scenario: Scenario, ids: dict[str, str]) -> None:
    """A note and two contacts of an account, of which the second becomes the primary one."""
    bob = ids["bob"]
    note = await scenario.id_of("addNote", "note", accountId=bob, text="Call him")
    await scenario.send("updateNote", "note { id }", noteId=note, isPinned=True)
    await scenario.send("deleteNote", "account { id }", noteId=note)
    billing = {"accountId": bob, "kind": "BILLING", "name": "Bob", "isPrimary": True}
    first = await scenario.id_of("addContact", "contact", **billing)
    await scenario.id_of("addContact", "contact", **billing)
    await scenario.send("updateContact", "contact { id }", contactId=first, isPrimary=True)
    await scenario.send("removeContact", "account { id }", contactId=first)


async def change_deferred_actions(scenario: Scenario, ids: dict[str, str]) -> None:
    """Schedule actions; reschedule, run, cancel them; then the job runs those that are due."""
    scheduled = [
        await scenario.id_of(
            "changeAssetStatus",
            "deferredAction",
            assetId=ids[f"{name}'s service"],
            status="INACTIVE",
            deferUntil=SOON.isoformat(),
        )
        for name in ("bob", "ada", "cora")
    ]
    payload = "deferredActions { id }"
    await scenario.send(
        "rescheduleDeferredActions", payload, ids=scheduled, scheduledFor=LATER.isoformat()
    )
    await scenario.send("runDeferredActions", payload, ids=scheduled[:2])
    await scenario.send("cancelDeferredActions", payload, ids=scheduled[2:])
    run = await scenario.id_of("startJob", "jobRun", kind="DEFERRED_ACTIONS")
    await scenario.send("cancelJob", "jobRun { id }", jobRunId=run)
    for name, status in (("ada", "INACTIVE"), ("cora", "INACTIVE"), ("ada", "ACTIVE")):
        await scenario.send(
            "changeAccountStatus",
            "deferredAction { id }",
            accountId=ids[name],
            status=status,
            deferUntil=LATER.isoformat(),
        )
    await scenario.send("setClock", "clock { now }", now=(LATER + timedelta(hours=1)).isoformat())
    await scenario.run_job("DEFERRED_ACTIONS")


async def bill_and_collect(scenario: Scenario, ids: dict[str, str]) -> None:
    """Two bill days, disputes, adjustments and payments; a declined card leads to a DEBT hold."""
    for now in (
        datetime(2026, 11, 20, 1, tzinfo=UTC),
        datetime(2026, 12, 20, 1, tzinfo=UTC),
        datetime(2027, 1, 25, 1, tzinfo=UTC),
    ):
        await scenario.send("setClock", "clock { now }", now=now.isoformat())
        await scenario.run_job("BILL_DAY")
    async with scenario.runtime.database.reading() as session:
        account = Account.name == "Ada"
        newest = select(Bill.id).join(Account, Account.id == Bill.account_id).where(account)
        made = newest.where(Bill.billed_on.is_not(None)).order_by(Bill.id.desc())
        bill_id = (await session.execute(made)).scalars().first()
        items = select(BillItem.id).where(BillItem.bill_id == bill_id)
        largest = items.order_by(BillItem.total.desc(), BillItem.id)
        item_id = (await session.execute(largest)).scalars().first()
    bill, item = global_id("Bill", bill_id or 0), global_id("BillItem", item_id or 0)
    dispute = await scenario.id_of("openDispute", "dispute", itemId=item, amount="1", reason="No")
    await scenario.send("settleDispute", "dispute { id }", disputeId=dispute, granted="1")
    await scenario.send("adjust", "event { id }", billId=bill, amount="-1", reason="Sorry")
    await scenario.send("collectPayment", "payment { id }", accountId=ids["cora"])
    for name in ("ada", "cora"):
        await scenario.send(
            "recordPayment", "event { id }", accountId=ids[name], amount="500", reference=name
        )
    await scenario.send("updateSettings", "settings { timeZone }", closedLoginPrefix="#")
    await scenario.send(
        "changeAccountStatus", "account { id }", accountId=ids["ada"], status="CLOSED"
    )


async def change_webhooks(scenario: Scenario, ids: dict[str, str]) -> None:
    """A webhook, rounds of its worker, a redelivery, and a message to a host without address."""
    url = "https://webhook.invalid/"
    webhook = await scenario.id_of("createWebhook", "webhook", url=url)
    key = key_of(webhook, "Webhook")
    await scenario.send("updateAccount", "account { id }", accountId=ids["ada"], name="Adele")
    async with scenario.runtime.database.connection() as connection:
        position = await newest_position(connection)

    def round_of(*results: AttemptResult) -> Callable[[Unit], Awaitable[Round]]:
        return lambda unit: run_round(unit, key, results, newest_position=position, now=LATER)

    [claimed] = (await scenario.runtime.run_in_unit(ANA, round_of())).claimed
    await scenario.runtime.run_in_unit(ANA, round_of(AttemptResult(claimed.delivery_id, 1, 204)))
    delivery = global_id("WebhookDelivery", claimed.delivery_id)
    await scenario.send("redeliverWebhook", "delivery { id }", deliveryId=delivery)
    changes = {"webhookId": webhook, "status": "PAUSED", "rotateSecret": True}
    await scenario.send("updateWebhook", "webhook { id }", **changes)
    await scenario.send("updateWebhook", "webhook { id }", webhookId=webhook, status="ACTIVE")
    await scenario.send("testWebhook", "error", webhookId=webhook)
    await scenario.send("deleteWebhook", "webhook { id }", webhookId=webhook)


async def import_files(scenario: Scenario) -> None:
    """Check and import a file with a child before its payer and without parent; delete it."""
    lines = [
        {"number": "I-2", "name": "Child", "parent": "I-1", "parent_pays": True},
        {"number": "I-1", "name": "Payer", "status": "INACTIVE"},
        {"number": "I-3", "name": "Orphan", "parent": "none"},
    ]
    content = "\n".join(map(json.dumps, lines)).encode()
    file = global_id("ImportFile", await stored(scenario.runtime, content))
    for mode in ("CHECK", "IMPORT"):
        await scenario.send("startImport", "jobRun { id }", fileId=file, mode=mode)
        await scenario.execute_newest_run()
    await scenario.send("deleteImportFile", "file { id }", fileId=file)


async def change_users_and_keys(runtime: Runtime) -> None:
    """Users, sessions, requests with an Idempotency-Key, and the deletion of expired rows."""

    async def run(unit: Unit) -> None:
        for name in ("a@example.com", "b@example.com"):
            await create_user(unit, email=name, role=Role.ADMIN, password="correct horse 7")
        user = await update_user(unit, "a@example.com", role=Role.AGENT)
        await set_password(unit, "b@example.com")
        await open_session(unit, user_id=user.id, password_hash=user.password_hash)

    async def with_key(unit: Unit) -> None:
        key = KeyClaim("key", "digest", "owner")
        await claim_key(unit, key)
        await mark_done(unit, key)
        await store_answer(unit, key, Answer(200, "application/json", b"{}"))

    await runtime.run_in_unit(ANA, run)
    await runtime.run_in_unit(ANA, with_key)
    await delete_all_expired(runtime, ANA, LATER + timedelta(days=400))


async def change_users_and_tokens(scenario: Scenario) -> None:
    """The mutations of users, sessions and tokens, with attempts to sign in and to change."""
    user = {
        "userId": await scenario.id_of(
            "createUser", "user", email="ana@example.com", role="ADMIN", name="Ana"
        )
    }
    await scenario.send("updateUser", "user { id }", **user, name="Ana Álvarez")
    password = (await scenario.send("resetPassword", "password", **user))["password"]
    keys = attempt_keys("10.0.0.7", "ana@example.com")

    async def attempt(unit: Unit) -> None:
        await count_attempt(unit, keys=keys)
        await record_refusal(unit, email="ana@example.com", address="10.0.0.7")

    async def sign_in(unit: Unit) -> str | None:
        found = await user_of_email(unit.session, "ana@example.com")
        assert found is not None
        secret = await open_session(unit, user_id=found.id, password_hash=found.password_hash)
        await uncount_attempt(unit, keys=keys)
        return secret

    await scenario.runtime.run_in_unit(ANA, attempt)
    secret = await scenario.runtime.run_in_unit(ANA, sign_in)
    session = Actor("ana@example.com", Role.ADMIN, session=digest_of(secret or ""))
    scenario.caller = scenario.caller.acting_as(session)
    passwords = {"currentPassword": password, "newPassword": "correct horse 8"}
    await scenario.send("changePassword", "", **passwords)
    await scenario.send("endSessions", "")
    reason = await scenario.id_of(
        "createReason", "reason", code="moved", label="Moved", appliesTo=["CLOSED"]
    )
    await scenario.send("updateReason", "reason { id }", reasonId=reason, isRetired=True)
    token = await scenario.id_of("createToken", "token", name="Shop", role="AGENT")
    await scenario.send("revokeToken", "token { id }", tokenId=token)


async def test_recorder_reports_an_inversion(runtime: Runtime) -> None:
    """A fault that is seeded on purpose: an account is locked before the hierarchy."""
    async with runtime.unit(ANA) as unit:
        account_id = await builders.account(unit)
        service_id = await builders.service(unit, account_id)
    with recorded_locks(runtime.database) as recorder:
        async with runtime.unit(ANA) as unit:
            await locked_account(unit, account_id)
            await lock_hierarchy(unit)
        async with runtime.unit(ANA) as unit:
            await locked_service(unit, service_id)
        async with runtime.unit(ANA) as unit:
            await lock_hierarchy(unit)
            await locked_account(unit, account_id)
            await locked_service(unit, service_id)
    first, second = recorder.inversions
    assert first.startswith("business after account: SELECT business.id")
    assert second.startswith("service without account: SELECT service.")


async def test_locks_are_taken_in_order(runtime: Runtime) -> None:
    """Two units that take the same locks in different orders can deadlock."""
    scenario = Scenario(runtime)
    with recorded_locks(runtime.database) as recorder:
        ids = await sign_up(scenario)
        await change_accounts(scenario, ids)
        await change_many_accounts(scenario, ids)
        await change_notes_and_contacts(scenario, ids)
        await change_deferred_actions(scenario, ids)
        await bill_and_collect(scenario, ids)
        await change_webhooks(scenario, ids)
        await import_files(scenario)
        await change_users_and_keys(runtime)
        await change_users_and_tokens(scenario)
    assert not recorder.inversions, "\n\n".join(recorder.inversions)
    assert scenario.sent == set(MUTATIONS)
