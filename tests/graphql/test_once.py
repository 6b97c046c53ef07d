"""Idempotency-Key: a repeated mutation returns the answer of the first one of the same caller."""

import asyncio
import zlib
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import replace
from datetime import timedelta
from functools import partial
from typing import Any
from unittest.mock import AsyncMock

import httpx
import pytest
from sqlalchemy import func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncSession
from starlette.requests import HTTPConnection
from starlette.responses import Response

from tenure.accounts.models import Account
from tenure.graphql.compiled.operations import CompiledReads
from tenure.graphql.http import app
from tenure.graphql.http import idempotency as once
from tenure.graphql.http.app import graphql_app
from tenure.graphql.http.idempotency import Run, run_idempotent
from tenure.graphql.mutations import users
from tenure.graphql.reads.loaders import Loaders
from tenure.idempotency.actions import claim_key, mark_done
from tenure.idempotency.models import KeyedRequest
from tenure.idempotency.rules import Answer, KeyClaim, UnansweredError
from tenure.identity.actions import create_user
from tenure.identity.models import Token
from tenure.kernel.actor import Actor, Role
from tenure.kernel.clock import real_now
from tenure.kernel.db import Database
from tenure.kernel.faults import DatabaseUnreachableError, OutcomeUnknownError
from tenure.kernel.unit import Runtime, Unit
from tenure.worker.expiry import delete_all_expired
from tests.batch.deferred_actions.test_concurrent_changes import until_somebody_waits
from tests.checks import rows, snapshot

LONG = """mutation { createAccount(input: {name: "Ada Example", email: "ada@example.com"}) {
    account { id number name email phone rank status createdAt closedAt currency version
    overdueSince
        balance { amount currency } overdue { amount currency }
        parent { id number name email phone rank status createdAt } }
    errors { code path message } } }"""
CREATE = 'mutation { createAccount(input: {name: "Ada"}) { account { number } errors { code } } }'


@pytest.fixture
async def client(runtime: Runtime) -> AsyncIterator[httpx.AsyncClient]:
    """Speaks to the endpoint as whoever the header `x-actor` names."""

    async def authenticate(request: HTTPConnection) -> Actor | None:
        name = request.headers.get("x-actor", "ana")
        return Actor(
            name, {"vic": Role.VIEWER, "ada": Role.ADMIN}.get(name, Role.AGENT), session="digest"
        )

    transport = httpx.ASGITransport(graphql_app(runtime, authenticate))
    async with httpx.AsyncClient(transport=transport, base_url="http://test") as opened:
        yield opened


@pytest.fixture(autouse=True)
def _short_wait(monkeypatch: pytest.MonkeyPatch) -> None:
    """The retries of these tests do not wait for first requests that have no response."""
    monkeypatch.setattr(once, "WAIT_SECONDS", 0.2)


async def sent(
    client: httpx.AsyncClient, query: str, key: str | None, actor: str = "ana"
) -> httpx.Response:
    """One POST."""
    headers = {"x-actor": actor} | ({"idempotency-key": key} if key is not None else {})
    return await client.post("/", json={"query": query}, headers=headers)


async def accounts(runtime: Runtime) -> int:
    """How many there are."""
    async with runtime.database.reading() as session:
        return int((await session.execute(select(func.count()).select_from(Account))).scalar_one())


async def test_a_retry_answers_what_the_first_answered(
    client: httpx.AsyncClient, runtime: Runtime
) -> None:
    first, again = await sent(client, CREATE, "k1"), await sent(client, CREATE, "k1")
    assert first.json()["data"]["createAccount"]["errors"] == []
    assert again.content == first.content
    assert again.headers["idempotency-replayed"] == "true"
    assert await accounts(runtime) == 1


async def test_several_mutations_are_retried_as_one_request(
    client: httpx.AsyncClient, runtime: Runtime
) -> None:
    """Each answers for itself, in order. A retry repeats none of them."""
    document = """mutation {
      first: createAccount(input: {number: "N-1", name: "Ada"}) { account { number } }
      taken: createAccount(input: {number: "N-1", name: "Bo"}) { errors { code path } }
      forbidden: updateSettings(input: {paymentTermDays: 5}) { settings { paymentTermDays } }
      last: createAccount(input: {number: "N-2", name: "Cy", parentId: "account:N-1"}) {
        account { number parent { number } }
      }
    }"""
    first, again = await sent(client, document, "k1"), await sent(client, document, "k1")
    content = first.json()
    assert content["data"] == {
        "first": {"account": {"number": "N-1"}},
        "taken": {"errors": [{"code": "TAKEN", "path": ["input", "number"]}]},
        "forbidden": None,
        "last": {"account": {"number": "N-2", "parent": {"number": "N-1"}}},
    }
    assert [it["path"] for it in content["errors"]] == [["forbidden"]]
    assert (again.content, again.headers["idempotency-replayed"]) == (first.content, "true")
    assert await accounts(runtime) == 2


async def test_another_key_and_no_key_are_other_requests(
    client: httpx.AsyncClient, runtime: Runtime
) -> None:
    for key in ("k1", "k2", None, None):
        await sent(client, CREATE, key)
    assert await accounts(runtime) == 4


async def test_an_answer_with_a_secret_is_not_stored(
    client: httpx.AsyncClient, runtime: Runtime
) -> None:
    """A retry is not carried out either: CONFLICT. Errors of the input are answers as any other."""
    create = (
        'mutation { createToken(input: {name: "Shop", role: VIEWER}) { secret errors { code } } }'
    )
    first, again = await sent(client, create, "k1", "ada"), await sent(client, create, "k1", "ada")
    secret = first.json()["data"]["createToken"]["secret"]
    assert again.json()["errors"][0]["extensions"]["code"] == "CONFLICT"
    assert secret not in str(await snapshot(runtime.database))
    [stored] = await rows(runtime, Token)
    assert stored.name == "Shop"
    taken, retry = await sent(client, create, "k2", "ada"), await sent(client, create, "k2", "ada")
    assert taken.json()["data"]["createToken"] == {"secret": None, "errors": [{"code": "TAKEN"}]}
    assert retry.content == taken.content


async def test_counting_an_attempt_does_not_use_up_the_key(
    client: httpx.AsyncClient, runtime: Runtime, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A change of the password that failed after its attempt was counted can be repeated."""
    change = """mutation { changePassword(input: {
        currentPassword: "correct horse battery", newPassword: "another good password" }) {
        errors { code } } }"""
    ben = "ben@example.com"
    async with runtime.unit(Actor("ana", Role.ADMIN)) as unit:
        await create_user(unit, email=ben, role=Role.AGENT, password="correct horse battery")
    with monkeypatch.context() as patch:
        patch.setattr(users.actions, "change_password", AsyncMock(side_effect=RuntimeError))
        failed = await sent(client, change, "k1", ben)
        assert failed.json()["errors"][0]["extensions"]["code"] == "INTERNAL"
    again = await sent(client, change, "k1", ben)
    assert again.json()["data"] == {"changePassword": {"errors": []}}


async def test_keys_are_the_callers_own(client: httpx.AsyncClient, runtime: Runtime) -> None:
    await sent(client, CREATE, "k1", "ana")
    await sent(client, CREATE, "k1", "bo")
    assert await accounts(runtime) == 2


async def test_another_body_under_the_same_key_is_a_mismatch(
    client: httpx.AsyncClient, runtime: Runtime
) -> None:
    await sent(client, CREATE, "k1")
    refused = await sent(client, CREATE.replace("Ada", "Bo"), "k1")
    assert refused.json()["errors"][0]["extensions"]["code"] == "IDEMPOTENCY_MISMATCH"
    assert await accounts(runtime) == 1


async def test_a_payload_error_is_an_answer_too(client: httpx.AsyncClient) -> None:
    first = await sent(client, CREATE.replace("Ada", ""), "k1")
    assert first.json()["data"]["createAccount"]["errors"] == [{"code": "REQUIRED"}]
    assert (await sent(client, CREATE.replace("Ada", ""), "k1")).content == first.content


async def test_a_refusal_is_not_kept(client: httpx.AsyncClient, runtime: Runtime) -> None:
    refused = await sent(client, CREATE, "k1", "vic")
    assert refused.json()["errors"][0]["extensions"]["code"] == "FORBIDDEN"
    again = await sent(client, CREATE, "k1", "vic")
    assert "idempotency-replayed" not in again.headers
    assert await accounts(runtime) == 0


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
async def test_a_key_that_is_taken_meanwhile_is_not_taken_twice(
    runtime: Runtime, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A request finds no row, and another one takes the key and finishes before it inserts its own.

    SQLite has one writer: nobody comes in between there.
    """
    ana = Actor("ana", Role.AGENT)
    first, second = (KeyClaim("k1", "digest", owner) for owner in ("first", "second"))
    genuine, looks = AsyncSession.get, 0

    async def take_meanwhile(session: AsyncSession, *given: Any, **named: Any) -> Any:
        nonlocal looks
        looks += 1
        found = await genuine(session, *given, **named)
        if looks == 1:
            async with runtime.database.engine.begin() as connection:
                await connection.execute(
                    insert(KeyedRequest).values(
                        caller="ana",
                        key="k1",
                        digest="digest",
                        owner=first.owner,
                        started_at=real_now(),
                        carried_out=True,
                    )
                )
        return found

    monkeypatch.setattr(AsyncSession, "get", take_meanwhile)
    with pytest.raises(UnansweredError):
        await runtime.run_in_unit(ana, partial(claim_key, claim=second))
    row = (await _rows(runtime))[0]
    assert (row.owner, row.carried_out) == (first.owner, True)


@pytest.mark.parametrize("broken", ["statement", "row", "many"])
async def test_an_outage_behind_the_commit_does_not_ask_for_a_retry(
    client: httpx.AsyncClient, runtime: Runtime, monkeypatch: pytest.MonkeyPatch, broken: str
) -> None:
    """UNAVAILABLE would make clients repeat a change that was made."""

    def away(*_: object, **__: object) -> Any:
        raise DatabaseUnreachableError("connection lost")

    async def not_compiled(*_: object) -> None:
        """The loaders read the payload."""

    if broken == "statement":
        monkeypatch.setattr(Database, "fetch_row", away)
    else:
        monkeypatch.setattr(CompiledReads, "rows", not_compiled)
        monkeypatch.setattr(Loaders, "row" if broken == "row" else "page", away)
    document = (
        'mutation { createAccount(input: {name: "Ada"}) '
        "{ account { number disputes(first: 1) { nodes { id } } } errors { code } } }"
    )
    answer = await sent(client, document, "k1")
    assert answer.status_code == 200
    [error] = answer.json()["errors"]
    assert error["extensions"]["code"] == "INTERNAL"
    assert error["message"] == (
        "The change was made, but this part of the answer could not be read. "
        "Query it, and do not send the mutation again."
    )
    monkeypatch.undo()
    again = await sent(client, document, "k1")
    assert (again.content, again.headers["idempotency-replayed"]) == (answer.content, "true")
    assert await accounts(runtime) == 1


async def _rows(runtime: Runtime) -> list[KeyedRequest]:
    async with runtime.database.reading() as session:
        return list((await session.execute(select(KeyedRequest))).scalars())


async def test_after_24_hours_the_key_is_new(client: httpx.AsyncClient, runtime: Runtime) -> None:
    await sent(client, CREATE, "k1")
    await _change(runtime, started_at=real_now() - timedelta(hours=24))
    await sent(client, CREATE, "k1")
    assert await accounts(runtime) == 2


async def test_a_process_that_died_after_the_change_does_not_let_it_happen_twice(
    client: httpx.AsyncClient, runtime: Runtime
) -> None:
    await sent(client, CREATE, "k1")
    await _change(
        runtime, answer=None, compressed_answer=None, started_at=real_now() - timedelta(hours=1)
    )
    refused = await sent(client, CREATE, "k1")
    assert refused.json()["errors"][0]["extensions"]["code"] == "CONFLICT"
    assert await accounts(runtime) == 1


async def test_a_process_that_died_before_the_change_lets_it_happen_later(
    client: httpx.AsyncClient, runtime: Runtime
) -> None:
    await sent(client, CREATE, "k1")
    await _change(
        runtime,
        answer=None,
        compressed_answer=None,
        carried_out=False,
        started_at=real_now() - timedelta(minutes=1),
    )
    assert (await sent(client, CREATE, "k1")).json()["errors"][0]["extensions"][
        "code"
    ] == "CONFLICT"
    await _change(runtime, started_at=real_now() - timedelta(minutes=3))
    assert (await sent(client, CREATE, "k1")).json()["data"]["createAccount"]["errors"] == []
    assert await accounts(runtime) == 2


async def test_the_mark_is_made_in_the_transaction_of_the_change(runtime: Runtime) -> None:
    async def failing(unit: Unit) -> None:
        raise RuntimeError("the process dies here")

    marked = replace(runtime, before_commit=failing)
    with pytest.raises(RuntimeError, match="dies here"):
        async with marked.unit(Actor("ana", Role.AGENT)) as unit:
            unit.session.add(KeyedRequest(caller="ana", key="k", digest="d", started_at=real_now()))
    async with runtime.database.reading() as session:
        assert (
            await session.execute(select(func.count()).select_from(KeyedRequest))
        ).scalar_one() == 0


def meanwhile(monkeypatch: pytest.MonkeyPatch, do: Callable[[], Awaitable[None]]) -> None:
    """Do this once, between the moment when a request has taken its key and its change."""
    pending = [do]
    genuine = run_idempotent

    async def interrupted(*arguments: Any, run: Run, **more: Any) -> Response:
        async def run_later(runtime: Runtime) -> Response:
            if pending:
                await pending.pop()()
            return await run(runtime)

        return await genuine(*arguments, run=run_later, **more)

    monkeypatch.setattr(app, "run_idempotent", interrupted)


async def test_a_slow_request_and_a_retry_after_its_lease_do_not_both_commit(
    client: httpx.AsyncClient, runtime: Runtime, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The slow one is rolled back and answers what the retry answered."""
    retries: list[httpx.Response] = []

    async def retry_after_lease() -> None:
        await _change(runtime, started_at=real_now() - timedelta(minutes=3))
        retries.append(await sent(client, CREATE, "k1"))

    meanwhile(monkeypatch, retry_after_lease)
    slow = await sent(client, CREATE, "k1")
    [retry] = retries
    assert retry.json()["data"]["createAccount"]["errors"] == []
    assert (slow.content, slow.headers["idempotency-replayed"]) == (retry.content, "true")
    assert await accounts(runtime) == 1
    assert (await sent(client, CREATE, "k1")).content == retry.content


async def test_a_request_that_has_lost_its_key_to_one_without_an_answer_changes_nothing(
    client: httpx.AsyncClient, runtime: Runtime, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def lose_the_key() -> None:
        await _change(runtime, owner="another")

    meanwhile(monkeypatch, lose_the_key)
    [error] = (await sent(client, CREATE, "k1")).json()["errors"]
    assert error["extensions"]["code"] == "CONFLICT"
    assert error["message"].endswith(
        "This one changed nothing. Send it again to get the other one's answer."
    )
    assert await accounts(runtime) == 0
    async with runtime.database.reading() as session:
        row = (await session.execute(select(KeyedRequest))).scalar_one()
    assert (row.owner, row.carried_out, row.answer) == ("another", False, None)


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
async def test_a_retry_waits_for_a_change_that_is_being_committed(runtime: Runtime) -> None:
    """The mark locks the row: a request after the lease finds it and does not take the key over."""
    ana, slow, retry = (
        Actor("ana", Role.AGENT),
        KeyClaim("k", "d", "slow"),
        KeyClaim("k", "d", "retry"),
    )
    async with runtime.unit(ana) as unit:
        assert await claim_key(unit, slow) is None
    await _change(runtime, started_at=real_now() - timedelta(minutes=3))
    async with runtime.unit(ana) as unit:
        await mark_done(unit, slow)
        waiting = asyncio.ensure_future(runtime.run_in_unit(ana, partial(claim_key, claim=retry)))
        await until_somebody_waits(runtime)
    with pytest.raises(UnansweredError):
        await waiting


async def test_an_answer_that_cannot_be_kept_is_given_all_the_same(
    client: httpx.AsyncClient, runtime: Runtime, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The change is made: a database that is lost behind it does not make the answer an error."""

    async def keep_nothing(unit: Unit, claim: KeyClaim, answer: Answer) -> None:
        raise DatabaseUnreachableError("gone")

    monkeypatch.setattr(once, "store_answer", keep_nothing)
    assert (await sent(client, CREATE, "k1")).json()["data"]["createAccount"]["errors"] == []
    assert (await sent(client, CREATE, "k1")).json()["errors"][0]["extensions"][
        "code"
    ] == "CONFLICT"
    assert await accounts(runtime) == 1


async def test_a_commit_whose_outcome_is_unknown_is_said_and_the_key_stays_taken(
    client: httpx.AsyncClient, runtime: Runtime, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What was committed is not carried out again under the key."""
    genuine = Runtime.run_in_unit

    async def carried_out_unseen(self: Runtime, *arguments: Any, **more: Any) -> Any:
        result = await genuine(self, *arguments, **more)
        if self.before_commit is not None:
            raise OutcomeUnknownError
        return result

    monkeypatch.setattr(Runtime, "run_in_unit", carried_out_unseen)
    for key in ("k1", "k1"):
        [error] = (await sent(client, CREATE, key)).json()["errors"]
        assert error["extensions"] == {"code": "INTERNAL"}
        assert error["message"] == str(OutcomeUnknownError())
    assert await accounts(runtime) == 1


async def test_queries_are_answered_anew(client: httpx.AsyncClient) -> None:
    asked = await sent(client, "{ viewer { name } }", "k1")
    assert asked.json()["data"] == {"viewer": {"name": "ana"}}
    assert "idempotency-replayed" not in (await sent(client, "{ viewer { name } }", "k1")).headers


async def _change(runtime: Runtime, **values: object) -> None:
    async with runtime.unit(Actor("test", Role.ADMIN)) as unit:
        await unit.session.execute(update(KeyedRequest).values(**values))


async def test_an_answer_is_kept_compressed_and_comes_back_as_it_was(
    client: httpx.AsyncClient, runtime: Runtime
) -> None:
    """Names of fields are most of an answer. A later version reads answers of an earlier one."""
    first = await sent(client, LONG, "k1")
    assert "errors" not in first.json(), first.text
    async with runtime.unit(Actor("ana", Role.ADMIN)) as unit:
        kept = await unit.session.get_one(KeyedRequest, ("ana", "k1"))
        assert kept.answer is None
        assert kept.compressed_answer is not None
        assert zlib.decompress(kept.compressed_answer) == first.content
        assert len(kept.compressed_answer) < len(first.content)
    again = await sent(client, LONG, "k1")
    assert (again.content, again.headers["content-type"]) == (
        *(first.content, first.headers["content-type"]),
    )
    async with runtime.unit(Actor("ana", Role.ADMIN)) as unit:
        kept = await unit.session.get_one(KeyedRequest, ("ana", "k1"))
        kept.answer, kept.compressed_answer = first.content, None
    assert (await sent(client, LONG, "k1")).content == first.content
    assert await accounts(runtime) == 1


async def test_a_key_whose_answer_was_deleted_is_a_new_one(
    client: httpx.AsyncClient, runtime: Runtime
) -> None:
    """24 hours later, whether the row is still there or not."""
    await sent(client, CREATE, "k1")
    counts = await delete_all_expired(
        runtime, Actor("scheduler", Role.ADMIN), real_now() + timedelta(hours=24)
    )
    assert counts["keyed_requests"] == 1
    again = await sent(client, CREATE, "k1")
    assert "idempotency-replayed" not in again.headers
    assert await accounts(runtime) == 2
