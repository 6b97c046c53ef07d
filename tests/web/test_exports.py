"""Lists as CSV files: with the filters of the API, page by page, without formulas."""

import csv
from datetime import date, timedelta
from decimal import Decimal
from io import StringIO
from typing import Any

import orjson
import pytest

from tenure.accounts.models import Rank
from tenure.catalog.actions import create_offer
from tenure.catalog.models import OfferKind
from tenure.events.models import EventKind
from tenure.graphql.types.ids import global_id
from tenure.holds.models import Status
from tenure.identity.actions import create_user
from tenure.jobs.models import (
    JobKind,
    JobRun,
    JobRunStatus,
    QuarantinedAccount,
    StatusChangeResult,
    StatusChangeResultStatus,
)
from tenure.kernel.actor import Role
from tenure.kernel.clock import real_now
from tenure.kernel.errors import ErrorCode
from tenure.kernel.unit import Unit
from tenure.payments.models import Payment, PaymentStatus
from tenure.reasons.actions import create_reason
from tenure.web import exports
from tenure.webhooks.deliveries.models import Webhook
from tests import bill_rows, builders
from tests.conftest import ANA
from tests.web.conftest import Served

ACCOUNT_COLUMNS = [
    *("number", "name", "status", "rank", "email", "phone", "parent", "currency"),
    *("credit_limit", "balance", "overdue", "overdue_since", "created_at", "closed_at"),
]


@pytest.fixture
def customers(served: Served) -> Served:
    """Five accounts, of which one has a name that is a formula; an admin has signed in."""

    async def create(unit: Unit) -> None:
        formula = '=HYPERLINK("http://x", "a")'
        top = await builders.account(
            unit, formula, number="A-1", phone="+49 30 1", credit_limit=Decimal("10.50")
        )
        bill_unit = await builders.default_bill_unit_id(unit, top)
        await bill_rows.set_balance(unit, bill_unit, "-5")
        for number in range(2, 6):
            await builders.child(unit, top, f"Child {number}", paid=False)

    served.run(create, ANA)
    served.sign_in()
    return served


def rows_of(served: Served, name: str, **parameters: Any) -> list[list[str]]:
    """The rows of an export, the header first."""
    answer = served.client.get(f"/exports/{name}.csv", params=parameters)
    assert (answer.status_code, answer.headers["content-type"]) == (200, "text/csv; charset=utf-8")
    assert answer.text.endswith("\r\n")
    return list(csv.reader(StringIO(answer.text, newline="")))


def numbers(served: Served, **given: Any) -> list[str]:
    """The first cell of each account that the filter selects."""
    parameters = {name: value for name, value in given.items() if name == "sort"}
    chosen = {name: value for name, value in given.items() if name != "sort"}
    if chosen:
        parameters["filter"] = orjson.dumps(chosen).decode()
    return [row[0] for row in rows_of(served, "accounts", **parameters)[1:]]


def test_the_accounts(customers: Served) -> None:
    """A text that a spreadsheet would calculate gets an apostrophe; numbers stay numbers."""
    answer = customers.client.get("/exports/accounts.csv")
    disposition = answer.headers["content-disposition"]
    assert disposition.startswith('attachment; filename="accounts-20')
    assert answer.headers["cache-control"] == "no-store"
    header, *_, last = rows_of(customers, "accounts")
    assert header == ACCOUNT_COLUMNS
    found = dict(zip(header, last, strict=True))
    assert found.pop("created_at").endswith("Z")
    assert found == {
        "number": "A-1",
        "name": '\'=HYPERLINK("http://x", "a")',
        "status": "ACTIVE",
        "rank": "",
        "email": "",
        "phone": "'+49 30 1",
        "parent": "",
        "currency": "USD",
        "credit_limit": "10.5",
        "balance": "-5",
        "overdue": "0",
        "overdue_since": "",
        "closed_at": "",
    }


@pytest.mark.parametrize("size", [1, 2, 5])
def test_pages_follow_each_other(
    customers: Served, size: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each row is in the file once, in the order of the list, whatever the size of a page."""
    whole = numbers(customers)
    by_name = numbers(customers, sort="NAME_ASC")
    assert (len(whole), by_name[0]) == (5, "A-1")
    monkeypatch.setattr(exports, "PAGE_SIZE", size)
    assert numbers(customers) == whole
    assert numbers(customers, sort="NAME_ASC") == by_name


def test_a_page_is_read_when_the_one_before_is_sent(
    customers: Served, monkeypatch: pytest.MonkeyPatch
) -> None:
    """So memory holds one page, not the list."""
    sizes: list[int] = []
    text = exports.csv_text
    monkeypatch.setattr(exports, "csv_text", lambda rows: sizes.append(len(rows)) or text(rows))
    monkeypatch.setattr(exports, "PAGE_SIZE", 2)
    assert len(numbers(customers)) == 5
    assert sizes == [1, 2, 2, 1]


def test_filters_are_those_of_the_api(customers: Served) -> None:
    async def change(unit: Unit) -> None:
        await builders.set_account(unit, 3, Status.INACTIVE)
        await builders.account(unit, "Gold", number="G-1", rank=Rank.GOLD)

    customers.run(change, ANA)
    assert numbers(customers, rank=["GOLD"]) == ["G-1"]
    assert numbers(customers, status=["INACTIVE"]) == ["A-1003"]
    assert len(numbers(customers, below="account:A-1")) == 4
    assert numbers(customers, search="gold", status=[]) == ["G-1"]
    assert numbers(customers, hasOverdue=True) == []


def test_other_lists(customers: Served) -> None:
    """Bills, disputes, payments, deferred actions, events, and what failed in a run."""

    async def create(unit: Unit) -> int:
        payer = await builders.default_bill_unit_id(unit, 1)
        bill_id = await bill_rows.bill(unit, payer, date(2026, 1, 1), current_charges=Decimal(7))
        await bill_rows.dispute(unit, bill_id, "3", reason="+never")
        payment = Payment(
            key="k",
            account_id=1,
            bill_unit_id=payer,
            amount=Decimal(5),
            currency="USD",
            status=PaymentStatus.FAILED,
            result="@declined",
            business_date=unit.today,
            created_at=unit.now,
        )
        unit.session.add(payment)
        later = unit.now + timedelta(days=1)
        await builders.set_account(unit, 1, Status.INACTIVE, defer_until=later, reason="@x")
        run = JobRun(
            kind=JobKind.BILL_DAY,
            status=JobRunStatus.DONE_WITH_FAILURES,
            business_date=unit.today,
            requested_by="scheduler",
            created_at=real_now(),
        )
        unit.session.add(run)
        await unit.session.flush()
        failed = QuarantinedAccount(
            job_run_id=run.id, account_id=2, step="bills", reason="Fault", at=unit.now
        )
        unit.session.add(failed)
        for account_id, status in ((2, "DONE"), (1, "FAILED")):
            is_failed = status == "FAILED"
            result = StatusChangeResult(
                job_run_id=run.id,
                account_id=account_id,
                level=0,
                status=StatusChangeResultStatus(status),
                error_code=ErrorCode.NOT_ALLOWED if is_failed else None,
                message="+It is CLOSED." if is_failed else None,
            )
            unit.session.add(result)
        return run.id

    run_id = global_id("JobRun", customers.run(create, ANA))
    [_, bill] = rows_of(customers, "bills", filter='{"isOverdue": true}')
    assert (bill[:3], bill[8:]) == (["B-1-20260101", "A-1", "OPEN"], ["7", "0", "7", "7"])
    [_, dispute] = rows_of(customers, "disputes", filter='{"status": ["OPEN"]}', sort="OPENED_ASC")
    assert dispute[:7] == ["A-1", bill[0], "OPEN", "USD", "3", "", "'+never"]
    assert rows_of(customers, "disputes", filter='{"status": ["DENIED"]}')[1:] == []
    [_, paid] = rows_of(customers, "payments", filter='{"status": ["FAILED"]}', sort="CREATED_ASC")
    assert (paid[:2], paid[3:8]) == (["A-1", ""], ["FAILED", "USD", "5", "'@declined", ""])
    [header, action] = rows_of(customers, "deferred-actions", sort="SCHEDULED_ASC")
    assert (action[0], action[header.index("reason")]) == ("A-1", "'@x")
    events = rows_of(customers, "events", account="account:A-1")
    assert [row[1] for row in events[1:]] == ["DEFERRED_ACTION", "ACCOUNT_CHANGE"]
    assert rows_of(customers, "failed-actions", jobRun=run_id)[1:] == []
    [_, failed] = rows_of(customers, "quarantined-accounts", jobRun=run_id)
    assert failed[:3] == ["A-1002", "bills", "Fault"]
    [_, failed] = rows_of(customers, "failed-status-changes", jobRun=run_id)
    name = '\'=HYPERLINK("http://x", "a")'
    assert failed == ["A-1", name, "NOT_ALLOWED", "'+It is CLOSED.", ""]


def test_who_may_export(customers: Served) -> None:
    """Rules 10: agents and above, by session or token; the token is of a viewer."""
    customers.client.cookies.clear()
    assert customers.client.get("/exports/accounts.csv").status_code == 401
    by_token = {"authorization": f"Bearer {customers.token}"}
    answer = customers.client.get("/exports/accounts.csv", headers=by_token)
    assert (answer.status_code, answer.json()) == (403, {"error": "This needs the role AGENT."})


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("customers", 404),
        ("accounts.csv?filter={", 400),
        ('accounts.csv?filter={"status":["GONE"]}', 400),
        ('accounts.csv?filter={"nonsense":1}', 400),
        ('accounts.csv?filter={"below":"service:x"}', 400),
        ("accounts.csv?sort=BEST", 400),
        ("accounts.csv?status=ACTIVE", 400),
        ("events.csv", 400),
        ("failed-actions.csv?filter={}", 400),
    ],
)
def test_refused_exports(customers: Served, path: str, status: int) -> None:
    name = path if "." in path else f"{path}.csv"
    answer = customers.client.get(f"/exports/{name}")
    assert (answer.status_code, list(answer.json())) == (status, ["error"])


def test_cells_that_a_spreadsheet_would_calculate() -> None:
    """RFC 4180: quotes are doubled, and cells with separators or line breaks are quoted."""
    for text in ("=1+1", "+1", "-1", "@x", "\tx", "\rx"):
        assert exports.cell(text) == f"'{text}"
    assert [exports.cell(it) for it in ("a-1", "1=1", Decimal("-2.50"), None)] == [
        *("a-1", "1=1", "-2.5", ""),
    ]
    assert exports.csv_text([['say "x"', "a,b", "a\nb"]]) == '"say ""x""","a,b","a\nb"\r\n'


def test_lists_of_administration(customers: Served) -> None:
    """With the filters of the API, and without passwords, digests and secrets."""

    async def create(unit: Unit) -> None:
        webhook = Webhook(
            url="https://example.com/hook",
            event_kinds=[EventKind.PAYMENT],
            secret="encrypted",
            position=0,
            event_id=0,
            created_by="ana@example.com",
            created_at=unit.now,
        )
        unit.session.add(webhook)
        await create_reason(unit, code="moved", label="=Moved", applies_to=[Status.CLOSED])
        await create_offer(
            unit, code="DSL", name="DSL 50", kind=OfferKind.CHARGE, monthly_fee=Decimal("24.90")
        )

    customers.run(create, ANA)
    [_, user] = rows_of(customers, "users", filter='{"role": ["ADMIN"]}')
    assert (user[:4], len(user)) == (["ben@example.com", "", "ADMIN", "ACTIVE"], 6)
    assert rows_of(customers, "users", filter='{"status": ["DISABLED"]}')[1:] == []
    [header, token] = rows_of(customers, "tokens", filter='{"isRevoked": false}')
    assert header == [
        *("name", "prefix", "role", "created_by", "created_at"),
        *("expires_at", "last_used_at", "revoked_at"),
    ]
    assert customers.token.startswith(token[1])
    assert len(token[1]) < len(customers.token) / 2
    [header, webhook] = rows_of(customers, "webhooks")
    assert webhook[:4] == ["https://example.com/hook", "", "PAYMENT", "ACTIVE"]
    assert not [name for name in header if "secret" in name]
    assert "encrypted" not in webhook
    [_, reason] = rows_of(customers, "reasons", filter='{"isRetired": false}')
    assert reason[:4] == ["moved", "'=Moved", "CLOSED", "false"]
    [_, offer] = rows_of(customers, "offers", filter='{"search": "dsl", "kind": ["CHARGE"]}')
    assert (offer[:2], offer[6]) == (["DSL", "DSL 50"], "24.9")
    created = rows_of(customers, "audit-log", filter='{"action": ["REASON_CHANGED"]}')
    assert [row[1:4] for row in created[1:]] == [
        ["ana@example.com", "REASON_CHANGED", "Created reason moved."]
    ]
    assert orjson.loads(created[1][4])["code"] == [None, "moved"]


@pytest.mark.parametrize("name", ["audit-log", "reasons", "tokens", "users", "webhooks"])
def test_who_may_export_administration(customers: Served, name: str) -> None:
    """Only admins; not a manager."""

    async def create(unit: Unit) -> str | None:
        return (await create_user(unit, email="mia@example.com", role=Role.MANAGER))[1]

    password = customers.run(create, ANA)
    customers.sign_in(password or "", "mia@example.com")
    answer = customers.client.get(f"/exports/{name}.csv")
    assert (answer.status_code, answer.json()) == (403, {"error": "This needs the role ADMIN."})
    assert customers.client.get("/exports/offers.csv").status_code == 200
