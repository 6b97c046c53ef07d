"""What callers are told of failures."""

from unittest.mock import Mock

import pytest
from structlog.testing import capture_logs

from tenure.accounts import actions
from tenure.graphql.reads import queries
from tenure.kernel.actor import Actor, Role
from tenure.kernel.errors import ErrorCode, TenureError
from tenure.kernel.unit import Runtime
from tenure.settings import actions as business
from tests import builders
from tests.checks import nothing_written
from tests.conftest import ANA
from tests.graphql.caller import Caller, global_id

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


async def test_a_fault_of_ours_is_masked(ask: Caller, monkeypatch: pytest.MonkeyPatch) -> None:
    async def fails(*_: object, **__: object) -> None:
        raise LookupError("the password is swordfish")

    monkeypatch.setattr(queries, "read_business", fails)
    with capture_logs() as logs:
        data, [error] = await ask.answer("{ clock { now } }")
    reference = error["extensions"]["reference"]
    assert (data, error["path"]) == (None, ["clock"])
    assert error["message"] == f"Something went wrong on our side (reference {reference})."
    assert error["extensions"] == {"code": "INTERNAL", "reference": reference}
    [log] = logs
    assert (log["event"], log["log_level"], log["reference"]) == (
        "a request failed",
        "error",
        reference,
    )
    assert str(log["exc_info"]) == "the password is swordfish"


async def test_a_fault_in_a_change_is_masked_and_undone(
    ask: Caller, runtime: Runtime, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def fails(*_: object, **__: object) -> None:
        raise LookupError

    monkeypatch.setattr(actions, "record_all", fails)
    async with nothing_written(runtime):
        with capture_logs():
            code = await ask.code(
                'mutation { createAccount(input: {name: "Ada"}) { account { id } } }'
            )
    assert code == "INTERNAL"


SEVERAL = """mutation {
  first: createAccount(input: {name: "Ada"}) { account { name } }
  refused: updateSettings(input: {paymentTermDays: 5}) { settings { paymentTermDays } }
  last: createAccount(input: {name: "Bo"}) { account { name } }
}"""


async def test_a_forbidden_mutation_does_not_hide_the_others(ask: Caller) -> None:
    """Each mutation answers for itself: null and an error for the one that is not allowed."""
    data, [error] = await ask.acting_as(Actor("agent", Role.AGENT)).answer(SEVERAL)
    assert data == {
        "first": {"account": {"name": "Ada"}},
        "refused": None,
        "last": {"account": {"name": "Bo"}},
    }
    assert (error["path"], error["extensions"]) == (["refused"], {"code": "FORBIDDEN"})
    found = await ask(
        "{ accounts(sort: NAME_ASC) { nodes { name } } settings { paymentTermDays } }"
    )
    assert found == {
        "accounts": {"nodes": [{"name": "Ada"}, {"name": "Bo"}]},
        "settings": {"paymentTermDays": 30},
    }


async def test_a_fault_in_one_mutation_does_not_hide_the_others(
    ask: Caller, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(business, "update_settings", Mock(side_effect=LookupError))
    with capture_logs():
        data, [error] = await ask.answer(SEVERAL)
    assert data == {
        "first": {"account": {"name": "Ada"}},
        "refused": None,
        "last": {"account": {"name": "Bo"}},
    }
    assert (error["path"], error["extensions"]["code"]) == (["refused"], "INTERNAL")


async def test_a_tenure_error_of_a_query_keeps_its_code(ask: Caller) -> None:
    document = (
        "query($id: ID!) { accountStatusImpact(accountId: $id, status: CLOSED) { accounts } }"
    )
    for unknown, code in (
        (global_id("Service", 7), "INVALID"),
        ("x", "NOT_FOUND"),
        (global_id("Account", 7), "NOT_FOUND"),
    ):
        data, [error] = await ask.answer(document, id=unknown)
        assert (data, error["extensions"], error["path"]) == (
            None,
            {"code": code},
            ["accountStatusImpact"],
        )


async def test_a_fault_in_reading_does_not_stop_the_rest(
    ask: Caller, runtime: Runtime, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def fails(*_: object, **__: object) -> None:
        raise TenureError(ErrorCode.CONFLICT, "Busy.")

    async with runtime.unit(ANA) as unit:
        one = await builders.account(unit, "Ada")
    monkeypatch.setattr(queries, "_node", fails)
    data, [error] = await ask.answer(
        "query($id: ID!) { node(id: $id) { id } account(id: $id) { name } }",
        id=global_id("Account", one),
    )
    assert data == {"node": None, "account": {"name": "Ada"}}
    assert (error["message"], error["extensions"]) == ("Busy.", {"code": "CONFLICT"})


@pytest.mark.parametrize(
    ("document", "variables"),
    [
        ("{ nothing }", {}),
        ("{", {}),
        ("{ viewer }", {}),
        ("query($a: Int!) { accounts(first: $a) { totalCount } }", {}),
        ("query($a: Int) { accounts(first: $a) { totalCount } }", {"a": "x"}),
        ("query($a: Int) { accounts(first: $a) { totalCount } }", {"a": 2**40}),
        (
            "query($a: DateTime) { deferredActions(filter: {scheduledFrom: $a}) { totalCount } }",
            {"a": "yesterday"},
        ),
        (
            "query($a: DateTime) { deferredActions(filter: {scheduledFrom: $a}) { totalCount } }",
            {"a": 5},
        ),
        ('{ deferredActions(filter: {scheduledFrom: "2026-11-01T00:00:00"}) { totalCount } }', {}),
        (
            "query($a: AccountFilter) { accounts(filter: $a) { totalCount } }",
            {"a": {"status": ["OPEN"]}},
        ),
        (
            "query($a: AccountFilter) { accounts(filter: $a) { totalCount } }",
            {"a": {"search": "nul\0"}},
        ),
        ("query A { viewer { name } } query A { viewer { name } }", {}),
    ],
)
async def test_mistakes_in_a_request_are_invalid(
    ask: Caller, document: str, variables: dict[str, object]
) -> None:
    assert await ask.code(document, **variables) == "INVALID"


@pytest.mark.parametrize(
    "text", ["a\\u0000b", "a\0b", "\\u{0}", "\\ud800", "\ud800", "\\udfff\\ud800"]
)
@pytest.mark.parametrize("quotes", ['"', '"""'])
async def test_texts_that_cannot_be_stored_are_invalid_in_a_document(
    ask: Caller, text: str, quotes: str
) -> None:
    """As in variables. In a block string an escape is no escape, and so an ordinary text."""
    ordinary = quotes == '"""' and "\\" in text
    written = f"{quotes}{text}{quotes}"
    for document in (
        "mutation { createAccount(input: {name: %s}) { errors { code } } }",
        "query($it: String = %s) { account(number: $it) { id } }",
        "{ accounts(filter: {search: %s}) { nodes { id } } }",
        (
            "mutation { addService(input: {accountId: %s, kind: %s, offerCodes: [%s]}) { "
            "errors { code } } }"
        ),
    ):
        count = document.count("%s")
        _, errors = await ask.answer(document % ((written,) * count))
        assert [it["extensions"]["code"] for it in errors] == ([] if ordinary else ["INVALID"])


@pytest.mark.parametrize("text", ["\0", "\ud800", "a\udfff"])
async def test_texts_that_cannot_be_stored_are_invalid_in_variables(ask: Caller, text: str) -> None:
    document = (
        "mutation($it: CreateAccountInput!) { createAccount(input: $it) { errors { code } } }"
    )
    assert await ask.code(document, it={"name": text}) == "INVALID"


@pytest.mark.parametrize(
    ("now", "code"),
    [
        ("9999-12-31T23:59:59Z", "OUT_OF_RANGE"),
        ("9900-01-01T00:00:00Z", "OUT_OF_RANGE"),
        ("9899-12-31T23:59:59Z", None),
    ],
)
async def test_the_clock_ends_before_dates_do(ask: Caller, now: str, code: str | None) -> None:
    """A time zone ahead of UTC had its midnight in the year 10000."""
    await ask(
        'mutation { updateSettings(input: {timeZone: "Pacific/Kiritimati"}) { errors { code } } }'
    )
    document = "mutation($now: DateTime) { setClock(input: {now: $now}) { errors { code path } } }"
    errors = [] if code is None else [{"code": code, "path": ["input", "now"]}]
    assert await ask(document, now=now) == {"setClock": {"errors": errors}}
