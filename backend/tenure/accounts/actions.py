"""Creates and changes accounts. No action deletes one (rules 2.14)."""

import uuid
from collections.abc import Collection
from decimal import Decimal
from typing import TypedDict, Unpack

from sqlalchemy import insert, literal, select
from sqlalchemy import update as update_rows

from tenure.accounts.models import Account, BillUnit, PaidPeriod, Rank, SearchTerm
from tenure.accounts.queries import locked_account, number_is_taken
from tenure.accounts.rules import (
    LONGEST_TERM,
    checked_billing_day,
    checked_currency,
    checked_email,
    checked_phone,
    next_bill_on,
    search_terms,
)
from tenure.events.actions import record
from tenure.events.models import EventKind
from tenure.kernel.actor import Role
from tenure.kernel.dialects import in_ids
from tenure.kernel.errors import ErrorCode, TenureError
from tenure.kernel.money import checked
from tenure.kernel.text import key_of, required_text
from tenure.kernel.unit import Unit

FIRST_NUMBER = 1000


class AccountChanges(TypedDict, total=False):
    """The fields of an account that can be changed; omitted ones stay."""

    name: str | None
    email: str | None
    phone: str | None
    rank: Rank | None
    credit_limit: Decimal | None


async def create(
    unit: Unit,
    *,
    name: str,
    number: str | None = None,
    email: str | None = None,
    phone: str | None = None,
    rank: Rank | None = None,
    currency: str = "USD",
    billing_day_of_month: int | None = None,
    credit_limit: Decimal | None = None,
) -> Account:
    """Creates an account with its default bill unit.

    Raises REQUIRED, INVALID, OUT_OF_RANGE or TAKEN.
    """
    unit.require(Role.AGENT)
    checked_name = required_text(name, path="name")
    account = Account(
        number=await _checked_number(unit, number),
        name=checked_name,
        name_key=key_of(checked_name),
        email=checked_email(email),
        phone=checked_phone(phone),
        rank=rank,
        currency=checked_currency(currency),
        credit_limit=_checked_limit(credit_limit),
        created_at=unit.now,
        status_changed_at=unit.now,
    )
    day = checked_billing_day(billing_day_of_month) or unit.today.day
    unit.session.add(account)
    await unit.session.flush()
    if number is None:
        account.number = await _generated_number(unit, account.id)
    unit.session.add(_default_bill_unit(unit, account, day))
    await add_search_terms(unit, account.id, _terms_of(account))
    await record(
        unit, EventKind.ACCOUNT_CHANGE, account.id, f"Account {account.number} was created"
    )
    return account


async def update(
    unit: Unit,
    account_id: int,
    *,
    expected_version: int | None = None,
    **changes: Unpack[AccountChanges],
) -> Account:
    """Changes the passed fields. Raises NOT_FOUND, CONFLICT, and what `create` raises."""
    unit.require(Role.AGENT)
    account = await locked_account(unit, account_id, expected_version=expected_version)
    before = {name: getattr(account, name) for name in changes}
    for name, value in _checked_changes(changes).items():
        setattr(account, name, value)
    after = {name: getattr(account, name) for name in changes}
    if after == before:
        return account
    account.name_key = key_of(account.name)
    account.version += 1
    changed = {
        name: [_plain(before[name]), _plain(after[name])]
        for name in after
        if after[name] != before[name]
    }
    fields = ", ".join(name.replace("_", " ") for name in changed)
    await add_search_terms(unit, account.id, _terms_of(account))
    await record(
        unit,
        EventKind.ACCOUNT_CHANGE,
        account.id,
        f"Changed {fields}",
        details={"changed": changed},
    )
    return account


async def record_payers(unit: Unit, bill_unit_ids: Collection[int]) -> None:
    """Ends and begins paid periods after a change of `paying_parent_id` of these bill units."""
    ended = update_rows(PaidPeriod).where(
        in_ids(PaidPeriod.bill_unit_id, bill_unit_ids), PaidPeriod.ends_at.is_(None)
    )
    await unit.session.execute(
        ended.values(ends_at=unit.now), execution_options={"synchronize_session": False}
    )
    columns = ["bill_unit_id", "payer_unit_id", "starts_at"]
    paid = select(
        BillUnit.id, BillUnit.paying_parent_id, literal(unit.now, PaidPeriod.starts_at.type)
    )
    paid = paid.where(in_ids(BillUnit.id, bill_unit_ids), BillUnit.paying_parent_id.is_not(None))
    await unit.session.execute(insert(PaidPeriod).from_select(columns, paid))


async def add_search_terms(unit: Unit, account_id: int, terms: set[str]) -> None:
    """Adds search terms. Earlier ones stay, since users also search for former names."""
    cut = {term[:LONGEST_TERM] for term in terms}
    existing = select(SearchTerm.term).where(
        SearchTerm.account_id == account_id, SearchTerm.term.in_(cut)
    )
    new = cut - set((await unit.session.execute(existing)).scalars())
    unit.session.add_all([SearchTerm(account_id=account_id, term=term) for term in sorted(new)])
    await unit.session.flush()


def _default_bill_unit(unit: Unit, account: Account, day: int) -> BillUnit:
    return BillUnit(
        account_id=account.id,
        name="Default",
        is_default=True,
        currency=account.currency,
        billing_day_of_month=day,
        next_bill_on=next_bill_on(unit.today, day),
        created_at=unit.now,
    )


def _checked_changes(changes: AccountChanges) -> AccountChanges:
    checks = {
        "name": lambda value: required_text(value, path="name"),
        "email": checked_email,
        "phone": checked_phone,
        "rank": lambda value: value,
        "credit_limit": _checked_limit,
    }
    return {  # type: ignore[return-value]
        name: checks[name](value)  # type: ignore[operator]
        for name, value in changes.items()
    }


def _checked_limit(limit: Decimal | None) -> Decimal | None:
    return None if limit is None else checked(limit, path=("credit_limit",), least=Decimal(0))


async def _checked_number(unit: Unit, requested: str | None) -> str:
    """The requested number, or a placeholder until the id is known. Raises TAKEN."""
    if requested is None:
        return f"~{uuid.uuid4().hex}"
    number = required_text(requested, path="number", longest=64)
    if await number_is_taken(unit, number):
        raise TenureError(ErrorCode.TAKEN, f"Account number {number} is taken.", ("number",))
    return number


async def _generated_number(unit: Unit, account_id: int) -> str:
    number = f"A-{FIRST_NUMBER + account_id}"
    while await number_is_taken(unit, number):
        number += "-1"
    return number


def _terms_of(account: Account) -> set[str]:
    return search_terms(
        number=account.number, name=account.name, email=account.email, phone=account.phone
    )


def _plain(value: object) -> str | None:
    return None if value is None else str(value)
