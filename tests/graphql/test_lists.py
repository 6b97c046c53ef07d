"""Lists of all accounts: bills, disputes, payments, services, events; services and offers by key.

Each query is answered by the resolvers and by a compiled statement (`Caller`).
"""

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import text

from tenure.disputes.models import DisputeStatus
from tenure.holds.models import Status
from tenure.jobs.models import JobKind, JobRun, JobRunStatus
from tenure.kernel.actor import Actor, Role
from tenure.kernel.db import Database
from tenure.kernel.unit import Runtime
from tenure.payments.models import Payment, PaymentStatus
from tests import bill_rows, builders
from tests.conftest import ANA, NOON
from tests.graphql.caller import Caller, global_id
from tests.plans import planned_statements

TODAY = date(2026, 11, 10)


@dataclass(frozen=True, slots=True)
class Two:
    """Two accounts with their bill units and services, oldest first."""

    accounts: list[int]
    units: list[int]
    services: list[int]

    def account(self, place: int) -> str:
        """The global id of an account."""
        return global_id("Account", self.accounts[place])


@pytest.fixture
async def two(runtime: Runtime) -> Two:
    """Ada has internet with login ada, Bob television with login Bob."""
    async with runtime.unit(ANA) as unit:
        accounts = [await builders.account(unit, name) for name in ("Ada", "Bob")]
        units = [await builders.default_bill_unit_id(unit, it) for it in accounts]
        services = [
            await builders.service(unit, accounts[0], kind="internet", login="ada"),
            await builders.service(unit, accounts[1], kind="TV", login="Bob"),
        ]
    return Two(accounts, units, services)


async def found(ask: Caller, field: str, value: str, filters: str = "", **variables: Any) -> Any:
    """The value of each row of a list, and whether totalCount is their number."""
    types = {"account": "ID", "service": "ID"}
    head = ", ".join(f"${name}: {types.get(name, 'String')}" for name in variables)
    arguments = f"({filters})" if filters else ""
    document = (
        f"query{f'({head})' if head else ''} "
        f"{{ it: {field}{arguments} {{ totalCount nodes {{ {value} }} }} }}"
    )
    it = (await ask(document, **variables))["it"]
    assert it["totalCount"] == len(it["nodes"])
    name = value.partition(" ")[0]
    return [node[name] for node in it["nodes"]]


async def test_bills_of_all_accounts(ask: Caller, runtime: Runtime, two: Two) -> None:
    """A pending bill without a charge is not listed. Rules 7.3: overdue from the day after."""
    ends = {
        "old": (0, TODAY - timedelta(days=40), {"due_on": TODAY - timedelta(days=1)}),
        "due": (1, TODAY - timedelta(days=30), {"due_on": TODAY}),
        "paid": (0, TODAY - timedelta(days=10), {"paid": Decimal(-10)}),
        "empty": (1, TODAY + timedelta(days=30), {"made": False, "current_charges": Decimal(0)}),
    }
    async with runtime.unit(ANA) as unit:
        for number, (place, end, more) in ends.items():
            columns = {"number": number, "current_charges": Decimal(10)} | more
            await bill_rows.bill(unit, two.units[place], end, **columns)
        pending = await bill_rows.bill(
            unit, two.units[0], TODAY + timedelta(days=20), made=False, number="pending"
        )
        await bill_rows.item(unit, pending, two.units[0])
    listed = ["pending", "paid", "due", "old"]
    assert await found(ask, "bills", "number") == listed
    cases = {
        "status: [OPEN]": ["due", "old"],
        "status: [PAID, PENDING]": ["pending", "paid"],
        "isOverdue: true": ["old"],
        "isOverdue: false": ["pending", "paid", "due"],
        'billedFrom: "2026-10-11"': ["paid", "due"],
        'billedTo: "2026-10-11"': ["old"],
        'billedFrom: "2026-10-11", billedTo: "2026-10-31"': ["due"],
        "status: []": listed,
    }
    for given, expected in cases.items():
        assert await found(ask, "bills", "number", f"filter: {{{given}}}") == expected, given
    assert await found(ask, "bills", "number", "sort: PERIOD_ASC") == listed[::-1]
    assert await found(ask, "bills", "number", "sort: PERIOD_DESC") == listed
    of_account = "filter: {account: $account}"
    assert await found(ask, "bills", "number", of_account, account=two.account(1)) == ["due"]
    assert await found(ask, "bills", "number", of_account, account="x") == []


async def test_disputes_and_payments_of_all_accounts(
    ask: Caller, runtime: Runtime, two: Two
) -> None:
    statuses = (PaymentStatus.SUCCEEDED, PaymentStatus.FAILED, PaymentStatus.FAILED)
    async with runtime.unit(ANA) as unit:
        for place, status in enumerate((DisputeStatus.OPEN, DisputeStatus.DENIED)):
            bill = await bill_rows.bill(unit, two.units[place], TODAY)
            opened = NOON - timedelta(days=place)
            await bill_rows.dispute(unit, bill, status=status, opened_at=opened, reason=f"d{place}")
        for number, status in enumerate(statuses):
            payment = Payment(
                key=f"k{number}",
                account_id=two.accounts[number % 2],
                bill_unit_id=two.units[number % 2],
                amount=Decimal(5),
                currency="USD",
                status=status,
                reference=f"p{number}",
                business_date=TODAY - timedelta(days=number),
                created_at=NOON,
            )
            unit.session.add(payment)
            await unit.session.flush()
    noon, earlier = "2026-11-10T12:00:00Z", "2026-11-09T12:00:00Z"
    disputes = {
        "status: [OPEN]": ["d0"],
        "status: [DENIED, GRANTED]": ["d1"],
        f'openedFrom: "{noon}"': ["d0"],
        f'openedTo: "{noon}"': ["d1"],
        f'openedTo: "{earlier}"': [],
        "account: $account": ["d1"],
    }
    payments = {
        "status: [FAILED]": ["p2", "p1"],
        "status: [PENDING]": [],
        'from: "2026-11-09"': ["p1", "p0"],
        'to: "2026-11-09"': ["p2"],
        'from: "2026-11-09", to: "2026-11-10"': ["p1"],
        "account: $account": ["p1"],
    }
    for field, value, cases, sort, every in (
        ("disputes", "reason", disputes, "OPENED", ["d1", "d0"]),
        ("payments", "reference", payments, "CREATED", ["p2", "p1", "p0"]),
    ):
        assert await found(ask, field, value) == every
        assert await found(ask, field, value, f"sort: {sort}_DESC") == every
        assert await found(ask, field, value, f"sort: {sort}_ASC") == every[::-1]
        for given, expected in cases.items():
            variables = {"account": two.account(1)} if "$account" in given else {}
            filters = f"filter: {{{given}}}"
            assert await found(ask, field, value, filters, **variables) == expected, given


async def test_services_of_all_accounts(ask: Caller, runtime: Runtime, two: Two) -> None:
    """Rules 3.1: kinds and logins are compared without regard to case."""
    async with runtime.unit(ANA) as unit:
        await builders.set_service(unit, two.services[1], Status.INACTIVE)
    cases = {
        'kind: ["INTERNET"]': ["ada"],
        'kind: ["tv", "telephony"]': ["Bob"],
        "kind: []": ["Bob", "ada"],
        'login: "ADA"': ["ada"],
        'login: " bob "': ["Bob"],
        'login: "ad"': [],
        "status: [INACTIVE]": ["Bob"],
    }
    assert await found(ask, "services", "login") == ["Bob", "ada"]
    for given, expected in cases.items():
        assert await found(ask, "services", "login", f"filter: {{{given}}}") == expected, given
    of_account = "filter: {account: $account}"
    assert await found(ask, "services", "login", of_account, account=two.account(0)) == ["ada"]


async def test_events_of_all_accounts(ask: Caller, runtime: Runtime, two: Two) -> None:
    """`account` and the fields of `filter` are combined."""
    async with runtime.unit(ANA) as unit:
        for place in (0, 1):
            await builders.set_service(unit, two.services[place], Status.INACTIVE)
        await builders.set_account(unit, two.accounts[1], Status.INACTIVE)
    account, service = two.account(1), global_id("Service", two.services[1])
    changes = "filter: {kind: [STATUS_CHANGE]}"
    kinds = "account { name }"
    names = ["Bob", "Bob", "Bob", "Ada"]
    assert [it["name"] for it in await found(ask, "events", kinds, changes)] == names
    of_account = f"account: $account, {changes}"
    assert len(await found(ask, "events", "id", of_account, account=account)) == 3
    of_service = "filter: {kind: [STATUS_CHANGE], service: $service}"
    assert len(await found(ask, "events", "id", of_service, service=service)) == 2
    both = f"account: $account, {of_service}"
    other = {"account": two.account(0), "service": service}
    assert await found(ask, "events", "id", both, **other) == []
    nothing = 'filter: {from: "2026-11-10T12:00:01Z"}'
    assert await found(ask, "events", "id", nothing) == []


async def test_pages_lead_both_ways(ask: Caller, two: Two) -> None:
    document = """query($first: Int, $after: String, $last: Int, $before: String) {
      events(first: $first, after: $after, last: $last, before: $before) {
        totalCount edges { cursor node { id } } pageInfo { hasNextPage hasPreviousPage }
      }
    }"""
    whole = (await ask(document))["events"]
    edges = whole["edges"]
    assert len(edges) == whole["totalCount"] > 3
    for forward in (True, False):
        seen: list[dict[str, Any]] = []
        cursor = None
        for _ in range(len(edges)):
            given: dict[str, Any] = (
                {"first": 2, "after": cursor} if forward else {"last": 2, "before": cursor}
            )
            page = (await ask(document, **given))["events"]
            seen = seen + page["edges"] if forward else page["edges"] + seen
            more = page["pageInfo"]["hasNextPage" if forward else "hasPreviousPage"]
            if not more:
                break
            cursor = page["edges"][-1 if forward else 0]["cursor"]
        assert seen == edges


async def test_job_runs_by_kind_and_status(ask: Caller, runtime: Runtime) -> None:
    runs = [
        (JobKind.BILL_DAY, JobRunStatus.DONE),
        (JobKind.DEFERRED_ACTIONS, JobRunStatus.DONE),
        (JobKind.BILL_DAY, JobRunStatus.FAILED),
    ]
    async with runtime.unit(ANA) as unit:
        for place, (kind, status) in enumerate(runs):
            run = JobRun(
                kind=kind,
                status=status,
                business_date=TODAY,
                requested_by=f"r{place}",
                created_at=NOON,
            )
            unit.session.add(run)
            await unit.session.flush()
    for given, expected in {
        "kind: [BILL_DAY]": ["r2", "r0"],
        "kind: [BILL_DAY], status: [DONE]": ["r0"],
        "kind: [], status: [DONE]": ["r1", "r0"],
        "kind: [BILL_DAY, DEFERRED_ACTIONS]": ["r2", "r1", "r0"],
    }.items():
        assert await found(ask, "jobRuns", "requestedBy", given) == expected, given


async def test_deferred_actions_in_the_order_of_execution(
    ask: Caller, runtime: Runtime, two: Two
) -> None:
    async with runtime.unit(ANA) as unit:
        for days in (2, 1, 3):
            at = NOON + timedelta(days=days)
            await builders.set_account(unit, two.accounts[0], Status.INACTIVE, defer_until=at)
    async with runtime.database.reading() as session:
        assert len((await session.scalars(text("SELECT id FROM deferred_action"))).all()) == 3
    days = {"SCHEDULED_ASC": ["11", "12", "13"], "SCHEDULED_DESC": ["13", "12", "11"]}
    for sort, expected in days.items():
        times = await found(ask, "deferredActions", "scheduledFor", f"sort: {sort}")
        assert [it[8:10] for it in times] == expected
    times = await found(ask, "deferredActions", "scheduledFor")
    assert [it[8:10] for it in times] == days["SCHEDULED_DESC"]


async def test_offer_and_service_by_what_people_know(
    ask: Caller, runtime: Runtime, two: Two
) -> None:
    """Rules 3.1: kinds and logins are compared without regard to case; codes are not folded."""
    async with runtime.unit(ANA) as unit:
        await builders.catalog_offer(unit, "DSL-50")
    service = global_id("Service", two.services[1])
    for given, expected in {
        'kind: "tv", login: "BOB"': "Bob",
        f'id: "{service}"': "Bob",
        f'id: "{service}", kind: "Tv", login: "bob"': "Bob",
        f'id: "{service}", kind: "internet"': None,
        'kind: "internet", login: "bob"': None,
    }.items():
        it = (await ask(f"{{ service({given}) {{ login }} }}"))["service"]
        assert (it and it["login"]) == expected, given
    for code, expected in {"DSL-50": "DSL-50", "dsl-50": None}.items():
        it = (await ask(f'{{ offer(code: "{code}") {{ code }} }}'))["offer"]
        assert (it and it["code"]) == expected
    for field, given, message in (
        ("service", 'kind: "tv"', "Provide id or kind with login."),
        ("service", 'login: "bob"', "Provide id or kind with login."),
        ("service", "id: null", "Provide id or kind with login."),
        ("offer", "code: null", "Provide id or code."),
    ):
        _, [error] = await ask.answer(f"{{ {field}({given}) {{ id }} }}")
        assert (error["message"], error["path"]) == (message, [field])
        assert error["extensions"] == {"code": "INVALID"}


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
async def test_everybody_who_signed_in_may_list(ask: Caller, two: Two) -> None:
    """Rules 10: a VIEWER reads everything."""
    names = ("bills", "disputes", "payments", "services", "events")
    document = f"{{ {' '.join(f'{it} {{ totalCount }}' for it in names)} }}"
    viewer = ask.acting_as(Actor("vic", Role.VIEWER))
    assert (await viewer(document))["services"] == {"totalCount": 2}
    assert await ask.acting_as(None).code(document) == "UNAUTHENTICATED"


ROWS = 20_000
FILL = {
    "account": f"""INSERT INTO account (id, number, name, name_key, currency, inactive_holds,
        closed_holds, created_at, status_changed_at, version)
      SELECT n, n, 'C' || n, 'c' || n, 'USD', 0, 0, now(), now(), 1
      FROM generate_series(1, {ROWS}) n""",
    "bill_unit": """INSERT INTO bill_unit (id, account_id, name, is_default, currency,
        billing_day_of_month, next_bill_on, balance, created_at, version)
      SELECT id, id, 'Main', true, 'USD', 1, '2027-01-01', 0, now(), 1 FROM account""",
    "service": """INSERT INTO service (id, account_id, bill_unit_id, kind, name, login, login_key,
        inactive_holds, closed_holds, created_at, status_changed_at, version)
      SELECT id, id, id, 'kind' || id % 10, 'Line', id, id, 0, 0, now(), now(), 1 FROM account""",
    "bill": """INSERT INTO bill (id, number, account_id, bill_unit_id, currency, period_start,
        period_end, billed_on, due_on, current_charges, subordinate_charges, adjusted, paid, held,
        previous_balance, payments, adjustments, disputed, created_at)
      SELECT id, 'B-' || id, id, id, 'USD', date '2020-01-01' + id::int % 2000,
        date '2020-02-01' + id::int % 2000, date '2020-02-01' + id::int % 2000,
        date '2020-03-01' + id::int % 2000, 10, 0, 0,
        CASE WHEN id % 100 = 0 THEN 0 ELSE -10 END, 0, 0, 0, 0, 0, now() FROM account""",
    "bill_item": """INSERT INTO bill_item (id, bill_id, bill_unit_id, account_id, kind, name,
        currency, total, adjusted, held, transferred)
      SELECT id, id, id, id, 'CYCLE', 'Fees', 'USD', 10, 0, 0, 0 FROM account""",
    "payment": """INSERT INTO payment (id, key, account_id, bill_unit_id, amount, currency, status,
        business_date, held, created_at)
      SELECT id, id, id, id, 5, 'USD', CASE WHEN id % 100 = 0 THEN 'FAILED' ELSE 'SUCCEEDED' END,
        date '2020-01-01' + id::int / 10, false, now() FROM account""",
    "dispute": """INSERT INTO dispute (id, account_id, bill_id, amount, currency, reason, status,
        opened_at, opened_by)
      SELECT id, id, id, 5, 'USD', 'wrong', CASE WHEN id % 100 = 0 THEN 'OPEN' ELSE 'DENIED' END,
        timestamptz '2020-01-01' + id * interval '1 hour', 'ana' FROM account""",
    "event": """INSERT INTO event (id, kind, account_id, service_id, occurred_at, recorded_at,
        description, actor)
      SELECT id, 'USAGE', id, id, timestamptz '2020-01-01' + id * interval '1 hour', now(), 'Used',
        'ana' FROM account""",
}
INDEXES = {
    "bills": "ix_bill_period_end_id",
    "bills(filter: {status: [OPEN]})": "ix_bill_status_period_end_id",
    'bills(filter: {billedFrom: "2021-02-01", billedTo: "2021-02-03"})': "ix_bill_billed_on",
    "bills(filter: {account: $account})": "ix_bill_account_id_period_end_id",
    "disputes(filter: {status: [OPEN]})": "ix_dispute_status_id",
    'disputes(filter: {openedTo: "2020-01-02T00:00:00Z"})': "ix_dispute_opened_at",
    "disputes(filter: {account: $account})": "ix_dispute_account_id",
    "payments(filter: {status: [FAILED]})": "ix_payment_status_id",
    'payments(filter: {from: "2020-02-01", to: "2020-02-03"})': "ix_payment_business_date",
    "payments(filter: {account: $account})": "uq_payment_account_id_reference",
    'services(filter: {login: "77"})': "ix_service_login_key",
    "services(filter: {account: $account})": "ix_service_account_id_id",
    "events": "ix_event_occurred_at_id",
    'events(filter: {to: "2020-02-01T00:00:00Z"})': "ix_event_occurred_at_id",
    "events(account: $account)": "ix_event_account_id_occurred_at_id",
    "events(filter: {service: $service})": "ix_event_service_id_occurred_at_id",
}


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
async def test_lists_of_all_accounts_use_indexes(ask: Caller, database: Database) -> None:
    """No list reads its whole table, whatever the filter."""
    async with database.engine.begin() as connection:
        for table, statement in FILL.items():
            await connection.execute(text(statement))
            await connection.execute(text(f"ANALYZE {table}"))
    given = {"account": global_id("Account", 77), "service": global_id("Service", 77)}
    for field, index in INDEXES.items():
        names = [name for name in given if f"${name}" in field]
        head = f"({', '.join(f'${name}: ID' for name in names)})" if names else ""
        document = f"query{head} {{ {field} {{ nodes {{ id }} }} }}"
        with planned_statements(database) as statements:
            data, errors = await ask.answer(document, **{name: given[name] for name in names})
        assert errors == []
        assert data[field.partition("(")[0]]["nodes"], field
        assert index in await statements.used_indexes(), field
        assert await statements.scanned_tables() == set(), field
