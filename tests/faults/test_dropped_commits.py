"""Mutations of every kind with lost answers to COMMIT: the result is as without (rules 4.6, 6.9).

The same client does the same twice: first undisturbed, then through a proxy that loses answers to
COMMIT, or the COMMIT itself. Answers and rows agree at the end, but for ids, which aborted
transactions use up, and the order of events that one statement writes.
`TENURE_TEST_FAULT_SEEDS=20` runs the long version.
"""

import random
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import httpx
import pytest
from graphql import GraphQLObjectType
from sqlalchemy import Column, Table, select
from starlette.requests import HTTPConnection

from tenure.events.queries import newest_position
from tenure.graphql.http.app import graphql_app
from tenure.graphql.http.schema import schema
from tenure.identity.queries import user_of_email
from tenure.identity.sessions.actions import open_session
from tenure.kernel import commits
from tenure.kernel.actor import Actor
from tenure.kernel.db import Database
from tenure.kernel.faults import is_resumable
from tenure.kernel.unit import Runtime, Unit
from tenure.tables import ALL_TABLES
from tenure.webhooks.deliveries.actions import run_round
from tenure.webhooks.deliveries.models import Webhook
from tenure.webhooks.deliveries.rules import AttemptResult, ClaimedDelivery
from tenure.worker.actors import run_due_jobs
from tests.conftest import ANA, NOON, empty, set_clock
from tests.faults.commit_proxy import CommitProxy, Loss, commit_proxy
from tests.faults.conftest import SEEDS
from tests.faults.mutations import Client, Step, access, month, opening
from tests.graphql.caller import global_id
from tests.sums import check_sums

MONTHS, WAKE_UPS = 1, 5
LOSSES = (
    [Loss.NONE] * 12 + [Loss.ANSWER] * 8 + [Loss.CUT_AT_ONCE] * 2 + [Loss.COMMIT] * 3 + [Loss.STALL]
)
# A unit is tried four times, so it succeeds after three lost COMMITs in a row.
MOST_IN_A_ROW = 3
# Written by chance or in real time, or with ids in them.
NOT_COMPARED = {
    "audit_entry": {"at"},
    "bill": {"number"},
    "deferred_action": {"summary"},
    "event": {"details", "description", "recorded_at", "transaction_id", "change_id"},
    "job_run": {"heartbeat_at"},
    # A run that is resumed counts the beginnings of its steps anew.
    "job_step": {"id", "place"},
    "paid_period": {"id"},
    "payment": {"key"},
    "service": {"login", "login_key"},
    "status_reason": {"created_at"},
    "token": {"digest", "prefix", "created_at"},
    "user_account": {"password_hash", "created_at", "last_sign_in_at"},
    "user_session": {"digest", "created_at", "last_used_at"},
    "webhook": {"secret", "position", "created_at"},
}
# Only whether there is a value: a real time or a secret.
PRESENCE_COMPARED = {
    "token": {"revoked_at"},
    "user_session": {"ended_at"},
    "webhook": {"deleted_at", "previous_secret", "previous_secret_ends_at"},
    "webhook_delivery": {"next_attempt_at"},
}
# Ids that no foreign key declares.
REFERENCES = {
    "account_id": "account",
    "service_id": "service",
    "offer_id": "purchased_offer",
    "item_id": "bill_item",
    "followed_id": "event",
    "hold_change_id": "event",
    "paired_with_id": "deferred_action",
    "event_id": "event",
}
# They need an uploaded file. `tests/importing/test_job.py` kills the workers of its runs.
UPLOADED = {"startImport", "deleteImportFile"}
UNCOMPARED_TABLES = {"keyed_request", "event_commit"}


@dataclass(slots=True)
class Chance:
    """Chooses what happens to a COMMIT, and never loses too many in a row."""

    rng: random.Random
    in_a_row: int = 0

    def __call__(self) -> Loss:
        loss = self.rng.choice(LOSSES)
        arrives = loss in (Loss.NONE, Loss.ANSWER)
        self.in_a_row = 0 if arrives else self.in_a_row + 1
        return loss if self.in_a_row < MOST_IN_A_ROW else Loss.NONE


@pytest.mark.thorough
@pytest.mark.parametrize("seed", range(max(1, SEEDS)))
@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
@pytest.mark.timeout(600)
async def test_balances_accounts_events_and_answers_agree(
    runtime: Runtime, database_url: str, seed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(commits, "SECONDS_BEFORE_TERMINATION", 0.1)
    steps = script(seed)
    expected = await live(runtime, steps, seed), await stored_state(runtime.database)
    await empty(runtime.database)
    await set_clock(runtime, NOON)
    async with commit_proxy(database_url) as (proxy, url):
        database = Database(url, pool_size=4)
        proxy.choose = Chance(random.Random(seed))
        try:
            answers = await live(replace(runtime, database=database), steps, seed)
        finally:
            await database.close()
    print(f"\n{len(steps)} mutations, {dict(proxy.losses)}")
    assert lost(proxy) > len(steps) // 8
    assert answers == expected[0]
    seen = await stored_state(runtime.database)
    wrong = {table: differences(rows, seen[table]) for table, rows in expected[1].items()}
    assert {table: found for table, found in wrong.items() if found} == {}
    await check_sums(runtime)


def test_the_client_sends_every_mutation() -> None:
    """But those of UPLOADED."""
    every = schema._schema.mutation_type
    assert isinstance(every, GraphQLObjectType)
    assert {step.mutation for step in script(0)} | UPLOADED == set(every.fields)


def script(seed: int) -> list[Step]:
    """All that the client sends."""
    rng = random.Random(seed)
    return [
        *opening(),
        *access(),
        *(step for number in range(MONTHS) for step in month(rng, number)),
    ]


async def live(runtime: Runtime, steps: list[Step], seed: int) -> list[list[dict[str, object]]]:
    """Send all steps, and run due jobs after each change of the clock. Returns the errors."""

    async def authenticate(_: HTTPConnection) -> Actor:
        return ANA

    transport = httpx.ASGITransport(graphql_app(runtime, authenticate))
    answers = []
    async with httpx.AsyncClient(transport=transport, base_url="http://test") as http:
        client = Client(http, random.Random(seed))
        for step in steps:
            if step.mutation == "endSessions":
                await runtime.run_in_unit(ANA, sign_in)
            elif step.mutation == "redeliverWebhook":
                client.ids["delivery"] = await deliver(runtime)
            answers.append(await client.send(step))
            if step.mutation == "setClock":
                await work(runtime)
    return answers


async def sign_in(unit: Unit) -> None:
    """A session of Ben."""
    ben = await user_of_email(unit.session, "ben@example.com")
    assert ben is not None
    await open_session(unit, user_id=ben.id, password_hash=ben.password_hash)


async def deliver(runtime: Runtime) -> str:
    """The global id of a delivery of the only webhook that was accepted."""
    async with runtime.database.connection() as connection:
        position = await newest_position(connection)
    async with runtime.database.reading() as session:
        webhook_id = (await session.scalars(select(Webhook.id))).one()

    async def attempt(unit: Unit, *results: AttemptResult) -> Sequence[ClaimedDelivery]:
        worked = await run_round(unit, webhook_id, results, newest_position=position, now=NOON)
        return worked.claimed

    [claimed] = await runtime.run_in_unit(ANA, attempt)
    accepted = AttemptResult(claimed.delivery_id, claimed.attempt, 204)
    await runtime.run_in_unit(ANA, lambda unit: attempt(unit, accepted))
    return global_id("WebhookDelivery", claimed.delivery_id)


async def work(runtime: Runtime) -> None:
    """Do what is due. A worker that loses patience leaves the rest to the next wake-up message."""
    for _ in range(WAKE_UPS):
        try:
            return await run_due_jobs(runtime)
        except Exception as fault:
            if not is_resumable(fault):
                raise
    raise AssertionError("The work does not come to its end.")


def differences(expected: list[dict[str, Any]], seen: list[dict[str, Any]]) -> list[object]:
    """The rows that are not as expected, with the columns at fault; and how many there are."""
    found: list[object] = (
        [] if len(expected) == len(seen) else [f"{len(seen)} rows, not {len(expected)}"]
    )
    for wanted, is_ in zip(expected, seen, strict=False):
        columns = {name: (value, is_[name]) for name, value in wanted.items() if is_[name] != value}
        found += [(wanted.get("id"), columns)] if columns else []
    return found


def lost(proxy: CommitProxy) -> int:
    """How many COMMITs went wrong."""
    return proxy.losses.total() - proxy.losses[Loss.NONE]


async def stored_state(database: Database) -> dict[str, list[dict[str, Any]]]:
    """Every row of the compared tables. An id is shown as its place among the ids of its table."""
    tables = [table for table in ALL_TABLES.sorted_tables if table.name not in UNCOMPARED_TABLES]
    rows: dict[str, list[dict[str, Any]]] = {}
    async with database.engine.connect() as connection:
        for table in tables:
            found = await connection.execute(table.select().order_by(*table.primary_key))
            rows[table.name] = [dict(row) for row in found.mappings()]
    places = {
        name: {row["id"]: place for place, row in enumerate(found)}
        for name, found in rows.items()
        if found and "id" in found[0]
    }
    return {
        table.name: sorted((_placed(table, row, places) for row in rows[table.name]), key=repr)
        for table in tables
    }


def _placed(table: Table, row: dict[str, Any], places: dict[str, dict[int, int]]) -> dict[str, Any]:
    seen = {}
    for column in table.columns:
        if column.name in NOT_COMPARED.get(table.name, ()):
            continue
        value, target = row[column.name], _table_of_id(table, column)
        if target == "event" or column.name in PRESENCE_COMPARED.get(table.name, ()):
            # Events of one statement are written in any order.
            seen[column.name] = value is not None
        elif table.name == "audit_entry" and column.name == "details" and value:
            # Times are real.
            seen["details"] = {it: pair for it, pair in value.items() if not it.endswith("At")}
        else:
            seen[column.name] = (
                value if target is None or value is None else places[target].get(value)
            )
    return seen


def _table_of_id(table: Table, column: Column[Any]) -> str | None:
    """The table whose ids are in the column; None where it holds something else."""
    if column.name == "id":
        return table.name
    # A column may also be part of a key of several columns, which refers to another table.
    declared = [key.column.table.name for key in column.foreign_keys if key.column.name == "id"]
    return declared[0] if declared else REFERENCES.get(column.name)
