"""What is compiled, kept, counted, and left to normal execution."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from tenure.events.models import Event, EventKind
from tenure.graphql.compiled import plans
from tenure.graphql.types.ids import global_id
from tenure.kernel.unit import Runtime
from tenure.settings.actions import update_settings
from tests import bill_rows, builders
from tests.conftest import ANA, set_clock
from tests.graphql.caller import sent_statements
from tests.graphql.compiled.comparing import IGNORE_UNAWAITED, BothWays

pytestmark = IGNORE_UNAWAITED
PAGE = (
    "query($first: Int, $s: String) { accounts(first: $first, filter: {search: $s}) { "
    "nodes { name } } }"
)


@pytest.fixture
async def both(runtime: Runtime) -> BothWays:
    """Both ways, with one account."""
    async with runtime.unit(ANA) as unit:
        await builders.customer(unit, "Ada")
    return BothWays(runtime)


async def test_requests_of_equal_shape_share_a_statement(both: BothWays) -> None:
    for first, search in ((1, "ada"), (6, "bob"), (7, "x")):
        await both.equal(PAGE, {"first": first, "s": search})
    assert (len(both.compiled.plans.plans), len(both.compiled.plans.statements)) == (1, 1)
    await both.equal(PAGE, {"first": 1, "s": "two words"})
    await both.equal(PAGE, {"first": 1})
    assert (len(both.compiled.plans.plans), len(both.compiled.plans.statements)) == (1, 3)
    assert both.compiled.compiled == 5


async def test_members_of_an_enum_and_usual_sizes_are_written(both: BothWays) -> None:
    """PostgreSQL plans such a statement once, since it knows how many rows to expect."""
    document = """query($s: [Status!], $first: Int) {
      accounts(first: $first, filter: {status: $s}) { totalCount nodes { name } } }"""
    lists = (["CLOSED"], ["ACTIVE"], ["CLOSED", "ACTIVE"], ["ACTIVE", "CLOSED", "ACTIVE"])
    found = [await both.equal(document, {"s": it, "first": 25}) for it in lists]
    assert [b'"totalCount":1' in it for it in found] == [False, True, True, True]
    assert len(both.compiled.plans.statements) == 3
    for size in (20, 25, 26, 27):
        await both.equal(document, {"s": ["ACTIVE"], "first": size})
    # 25 was known; 26 and 27 share a statement with a parameter.
    assert len(both.compiled.plans.statements) == 5


async def test_expressions_refer_to_the_row_of_their_own_level(both: BothWays) -> None:
    """The disputable amount of an event joins items, while it is itself a row below an item."""
    async with both.runtime.unit(ANA) as unit:
        bill_unit = await builders.default_bill_unit_id(unit, await builders.account(unit))
        bill = await bill_rows.bill(unit, bill_unit, current_charges=Decimal(30))
        item = await bill_rows.item(unit, bill, bill_unit, "30")
        fee = await bill_rows.charge(unit, item, "12")
        await bill_rows.charge(unit, item, "-2", kind=EventKind.DISCOUNT, followed_id=fee)
        await bill_rows.dispute(unit, bill, item_id=item, event_id=fee, amount=Decimal(3))
    document = """query($id: ID!) { bill(id: $id) { items { nodes { disputable { amount }
        events { nodes { kind disputable { amount } } } } } } }"""
    response = await both.equal(document, {"id": global_id("Bill", bill)})
    assert b'{"kind":"DISCOUNT","disputable":{"amount":"-2"}}' in response
    assert both.compiled.compiled == 1


async def test_variables_of_directives_decide_the_plan(both: BothWays) -> None:
    document = "query($all: Boolean!) { accounts { nodes { name email @include(if: $all) } } }"
    first, second = [await both.equal(document, {"all": it}) for it in (True, False)]
    assert (b"email" in first, b"email" in second) == (True, False)
    assert len(both.compiled.plans.plans) == 2


async def test_caches_are_bounded_by_characters(
    both: BothWays, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(plans, "PLAN_CHARACTERS", 500)
    monkeypatch.setattr(plans, "STATEMENT_CHARACTERS", 3000)
    limited = BothWays(both.runtime)
    for place in range(20):
        await limited.equal(f"{{ accounts(first: 3) {{ a{place}: totalCount }} }}")
    kept = limited.compiled.plans
    assert 0 < kept.plans.currsize <= 500
    assert 0 < kept.statements.currsize <= 3000
    assert limited.compiled.compiled == 20


@pytest.mark.parametrize(
    ("document", "variables", "reason"),
    [
        ("{ viewer { name } }", {}, "resolver"),
        ("{ account { name } }", {}, "invalid arguments"),
        ("{ accounts(first: 101) { totalCount } }", {}, "invalid arguments"),
        ('{ accounts(after: "x") { nodes { name } } }', {}, "invalid arguments"),
        (PAGE, {"first": "x"}, "invalid variables"),
        (
            '{ scheduleConflicts(target: "QmlsbDox", at: "2026-11-10T00:00:00Z") { id } }',
            {},
            "invalid arguments",
        ),
        (
            '{ scheduleConflicts(target: "QWNjb3VudDo5", at: "2026-11-10T00:00:00Z") { id } }',
            {},
            "null",
        ),
        (
            '{ deferredActionDays(from: "2026-11-02", to: "2026-11-01") { date } }',
            {},
            "invalid arguments",
        ),
        (
            (
                "{ settings { timeZone } "
                'accountStatusImpact(accountId: "QmlsbDox", status: ACTIVE) { accounts } }'
            ),
            {},
            "error",
        ),
    ],
)
async def test_what_is_executed_normally_is_counted(
    both: BothWays, document: str, variables: dict[str, object], reason: str
) -> None:
    await both.equal(document, variables)
    assert both.compiled.fallbacks == {reason: 1}


async def test_a_selection_that_is_too_large_is_executed_normally(
    both: BothWays, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tenure.graphql.compiled.selections.MAX_FIELDS", 4)
    await both.equal("{ accounts { nodes { name } } }")
    await both.equal("{ accounts { nodes { id name number } } }")
    assert (both.compiled.compiled, both.compiled.fallbacks) == (1, {"size": 1})


async def test_a_null_that_the_schema_rules_out_is_reported(both: BothWays) -> None:
    async with both.runtime.unit(ANA) as unit:
        event = Event(
            account_id=999,
            kind=EventKind.ACCOUNT_CHANGE,
            occurred_at=unit.now,
            recorded_at=unit.now,
            description="of no account",
            actor="ana",
        )
        unit.session.add(event)
        await unit.session.flush()
        key = event.id
    document = "query($id: ID!) { node(id: $id) { ... on Event { account { name } } } }"
    response = await both.equal(document, {"id": global_id("Event", key)})
    assert b'"path":["node","account"]' in response
    assert both.compiled.fallbacks == {"null": 1}


async def test_a_statement_that_fails_is_counted_and_executed_normally(
    both: BothWays, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tenure.kernel.statements.CompiledStatement.bound", lambda *_: ("x",))
    await both.equal(PAGE, {"first": 1})
    assert both.compiled.fallbacks == {"fault": 1}
    assert both.compiled.compiled == 0


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
async def test_a_statement_that_sqlite_cannot_parse_is_sent_once(both: BothWays) -> None:
    """A document with the deepest permitted levels; SQLite has a stack of 100."""
    document = '{ account(number: "x") ' + "{ parent " * 13 + "{ id }" + " }" * 14
    with sent_statements(both.runtime.database) as sent:
        for _ in range(3):
            await both.by_statement(document)
    assert both.compiled.fallbacks == {"too deep": 3}
    assert len([it for it in sent if "t13" in it]) == 1


async def test_the_business_day_follows_the_settings_at_once(both: BothWays) -> None:
    """Rules 7.3: a bill is overdue from the day after its due date, here 10 November."""
    async with both.runtime.unit(ANA) as unit:
        account = await builders.account(unit, "Late")
        bill_unit = await builders.default_bill_unit_id(unit, account)
        await bill_rows.bill(unit, bill_unit, date(2026, 10, 10), current_charges=Decimal(10))
    document = "{ accounts(filter: {hasOverdue: true}) { nodes { name overdueSince } } }"
    found = []
    for day in (9, 10, 9):
        await set_clock(both.runtime, datetime(2026, 11, day, 12, tzinfo=UTC))
        found.append(b"2026-11-10" in await both.equal(document))
    async with both.runtime.unit(ANA) as unit:
        await update_settings(unit, time_zone="Pacific/Kiritimati")
    found.append(b"2026-11-10" in await both.equal(document))
    assert found == [False, True, False, True]
    assert (both.compiled.compiled, both.compiled.fallbacks) == (4, {})
    with sent_statements(both.runtime.database) as statements:
        await both.by_statement(document)
    # Not the settings: they are read with the answer.
    assert len(statements) == 1
