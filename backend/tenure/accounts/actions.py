"""Creates and changes accounts. No action deletes one (rules 2.14)."""

import uuid
from collections.abc import Collection, Mapping, Sequence
from decimal import Decimal
from functools import cache, lru_cache
from typing import Any, Unpack

from sqlalchemy import Dialect, Executable, String, bindparam, insert, literal, select
from sqlalchemy import update as update_rows
from sqlalchemy.dialects.postgresql import insert as insert_or_ignore  # SQLite has the same syntax.

from tenure.accounts.models import Account, BillUnit, PaidPeriod, SearchTerm
from tenure.accounts.queries import ACCOUNT, lock_account, taken_numbers
from tenure.accounts.rules import (
    CHANGEABLE,
    AccountChanges,
    CreatedAccount,
    NewAccount,
    checked_account,
    checked_changes,
    next_bill_on,
    number_taken,
    search_terms,
)
from tenure.events.actions import record, record_all
from tenure.events.models import EventKind, EventOperation
from tenure.holds.rules import NO_HOLDS, initial_columns
from tenure.kernel.actor import Role
from tenure.kernel.db import insert_rows
from tenure.kernel.dialects import in_ids
from tenure.kernel.errors import TenureError
from tenure.kernel.outcomes import accepted, only_result, outcome_of, with_results
from tenure.kernel.row_tables import parameter_as_table, rows_parameter
from tenure.kernel.statements import execute
from tenure.kernel.text import key_of
from tenure.kernel.unit import Unit

FIRST_NUMBER = 1000
TERMS = bindparam("param_terms", type_=String)


NAME_KEY = bindparam("param_name_key", type_=Account.name_key.type)


async def create_account(unit: Unit, new: NewAccount) -> CreatedAccount:
    """Creates one account. Raises the errors that `create_accounts` returns."""
    return only_result(await create_accounts(unit, [new]))


async def create_accounts(
    unit: Unit, accounts: Sequence[NewAccount]
) -> list[CreatedAccount | TenureError]:
    """Creates accounts, each with its default bill unit and an event.

    Returns per account the result, or REQUIRED, INVALID, OUT_OF_RANGE or TAKEN.
    """
    unit.require(Role.AGENT)
    outcomes = [outcome_of(checked_account, new) for new in accounts]
    numbers = {new.number for new in accepted(outcomes) if new.number is not None}
    taken = await taken_numbers(unit, numbers)
    for place, outcome in enumerate(outcomes):
        if isinstance(outcome, NewAccount) and outcome.number is not None:
            if outcome.number in taken:
                outcomes[place] = number_taken(outcome.number)
            taken.add(outcome.number)
    return with_results(outcomes, await insert_accounts(unit, accepted(outcomes)))


async def insert_accounts(unit: Unit, accounts: Sequence[NewAccount]) -> list[CreatedAccount]:
    """Writes accounts whose fields and numbers have been checked, one statement per table."""
    if not accounts:
        return []
    keys = [new.number or f"~{uuid.uuid4().hex}" for new in accounts]
    # SQLite returns ids in no defined order, so the numbers tell whose they are.
    inserted = await unit.session.execute(
        insert_rows(Account).returning(Account.number, Account.id),
        [_account_row(unit, new, key) for new, key in zip(accounts, keys, strict=True)],
    )
    id_of = dict(inserted.all())
    ids = [id_of[key] for key in keys]
    generated = await _generate_numbers(
        unit, [it for new, it in zip(accounts, ids, strict=True) if new.number is None]
    )
    numbers = [new.number or generated[it] for new, it in zip(accounts, ids, strict=True)]
    rows = zip(ids, accounts, strict=True)
    units = await unit.session.execute(
        insert_rows(BillUnit).returning(BillUnit.account_id, BillUnit.id),
        [_default_bill_unit(unit, account_id, new) for account_id, new in rows],
    )
    unit_of = dict(units.all())
    created = [
        CreatedAccount(account_id, number, unit_of[account_id])
        for account_id, number in zip(ids, numbers, strict=True)
    ]
    pairs = list(zip(created, accounts, strict=True))
    terms = {it.id: _terms_of(_account_row(unit, new, it.number)) for it, new in pairs}
    await add_search_terms(unit, terms, are_new=True)
    await record_all(unit, EventKind.ACCOUNT_CHANGE, [_creation(it, new) for it, new in pairs])
    return created


async def update(
    unit: Unit,
    account_id: int,
    *,
    expected_version: int | None = None,
    **changes: Unpack[AccountChanges],
) -> None:
    """Changes the passed fields. Raises NOT_FOUND, CONFLICT, and what `create_account` raises."""
    unit.require(Role.AGENT)
    account = await lock_account(unit, account_id, expected_version=expected_version)
    before = {name: getattr(account, name) for name in CHANGEABLE}
    checked = checked_changes(changes)
    changed = {
        name: [_plain(before[name]), _plain(value)]
        for name, value in checked.items()
        if value != before[name]
    }
    if not changed:
        return
    after = {**before, **checked}
    parameters = {f"param_{name}": value for name, value in after.items()}
    key = {ACCOUNT.key: account.id, NAME_KEY.key: key_of(after["name"])}
    await execute(unit.connection, _update_account(), parameters | key)
    fields = ", ".join(name.replace("_", " ") for name in changed)
    number = {"number": account.number}
    new_terms = _terms_of(after | number) - _terms_of(before | number)
    await add_search_terms(unit, {account.id: new_terms})
    await record(
        unit,
        EventKind.ACCOUNT_CHANGE,
        account.id,
        f"Changed {fields}",
        details={"changed": changed},
    )


@cache
def _update_account() -> Executable:
    """Sets all CHANGEABLE columns, so that it is one statement for any of them."""
    columns = Account.__table__.c
    values = {name: bindparam(f"param_{name}", type_=columns[name].type) for name in CHANGEABLE}
    statement = update_rows(Account).where(Account.id == ACCOUNT)
    return statement.values(**values, name_key=NAME_KEY, version=Account.version + 1)


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


async def add_search_terms(
    unit: Unit, terms: Mapping[int, Collection[str]], *, are_new: bool = False
) -> None:
    """Adds search terms of accounts. Earlier ones stay, since users also search for former names.

    `terms` has those of each account by its id. `are_new`: the accounts have no terms yet.
    """
    rows = [
        {"account_id": account_id, "term": term}
        for account_id, some in terms.items()
        for term in sorted(some)
    ]
    if rows:
        dialect = unit.session.get_bind().dialect
        parameter = {TERMS.key: rows_parameter(dialect, rows)}
        await execute(unit.connection, _insert_terms(dialect, are_new=are_new), parameter)


async def mark_roots(unit: Unit, account_ids: Collection[int], *, is_root: bool) -> None:
    """Stores with the search terms of these accounts whether they have no parent."""
    terms = update_rows(SearchTerm).where(in_ids(SearchTerm.account_id, account_ids))
    await unit.session.execute(
        terms.values(is_root=is_root), execution_options={"synchronize_session": False}
    )


# One dialect object for each database that the process has open.
@lru_cache(maxsize=16)
def _insert_terms(dialect: Dialect, *, are_new: bool) -> Executable:
    """Inserts the terms in TERMS that their accounts do not have yet."""
    columns = {"account_id": SearchTerm.account_id.type, "term": String()}
    new = parameter_as_table(dialect, "new_term", columns, TERMS)
    rows = select(new.c.account_id, new.c.term, Account.parent_id.is_(None))
    rows = rows.where(Account.id == new.c.account_id)
    inserting = insert_or_ignore(SearchTerm).from_select([*columns, "is_root"], rows)
    return inserting if are_new else inserting.on_conflict_do_nothing()


def _account_row(unit: Unit, new: NewAccount, number: str) -> dict[str, object]:
    imported = new.imported
    created_at = imported.created_at if imported else unit.now
    return {
        **{name: getattr(new, name) for name in CHANGEABLE},
        "number": number,
        "name_key": key_of(new.name or ""),
        "currency": new.currency,
        "parent_id": imported and imported.parent_id,
        **initial_columns(imported.holds if imported else NO_HOLDS, created_at, unit.now),
    }


def _default_bill_unit(unit: Unit, account_id: int, new: NewAccount) -> dict[str, object]:
    imported = new.imported
    day = new.billing_day_of_month or unit.today.day
    return {
        "account_id": account_id,
        "name": "Default",
        "is_default": True,
        "currency": new.currency,
        "billing_day_of_month": day,
        "next_bill_on": imported.next_bill_on if imported else next_bill_on(unit.today, day),
        "paying_parent_id": imported and imported.paying_parent_id,
        "balance": Decimal(0),
        "created_at": unit.now,
        "version": 1,
    }


def _creation(created: CreatedAccount, new: NewAccount) -> dict[str, object]:
    """The first event of an account."""
    event: dict[str, object] = {"account_id": created.id}
    if new.imported is None:
        description = f"Account {created.number} was created"
        operation = {"operation": EventOperation.ACCOUNT_CREATED}
        return event | {"description": description, "details": operation}
    description = f"Account {created.number} was imported"
    operation = {"operation": EventOperation.ACCOUNT_IMPORTED}
    return event | {"description": description, "details": operation | {**new.imported.details}}


async def _generate_numbers(unit: Unit, account_ids: Sequence[int]) -> dict[int, str]:
    """Gives accounts a number that is made of the id, and returns the numbers by id."""
    numbers = {account_id: f"A-{FIRST_NUMBER + account_id}" for account_id in account_ids}
    while taken := await taken_numbers(unit, numbers.values()):
        # Only numbers that users chose can be in the way: generated ones differ like the ids.
        numbers = {it: f"{text}-1" if text in taken else text for it, text in numbers.items()}
    if numbers:
        rows = [{"id": account_id, "number": number} for account_id, number in numbers.items()]
        await unit.session.execute(update_rows(Account), rows)
    return numbers


def _terms_of(account: Mapping[str, Any]) -> set[str]:
    """The search terms of an account with these columns."""
    return search_terms(
        number=account["number"],
        name=account["name"] or "",
        email=account["email"],
        phone=account["phone"],
    )


def _plain(value: object) -> str | None:
    return None if value is None else str(value)
