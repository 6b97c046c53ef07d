"""Accounts and bill units, locked for actions; payers and payees; search."""

from collections.abc import Callable, Collection, Sequence
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import (
    CTE,
    ColumnElement,
    FromClause,
    Row,
    Select,
    and_,
    bindparam,
    func,
    intersect,
    or_,
    select,
    true,
    union_all,
)
from sqlalchemy.orm import aliased

from tenure.accounts.models import Account, BillUnit, PaidPeriod, SearchTerm
from tenure.accounts.rules import check_active, search_prefixes
from tenure.kernel.candidates import Candidates
from tenure.kernel.db import AnySelect
from tenure.kernel.dialects import in_ids, in_texts
from tenure.kernel.errors import NotFoundError
from tenure.kernel.locks import for_no_key_update
from tenure.kernel.search_text import words_with_letters
from tenure.kernel.statements import execute
from tenure.kernel.text import search_words
from tenure.kernel.unit import Unit
from tenure.kernel.versions import check_version

# Sorts after every other character in both databases.
LAST_CHARACTER = "\U0010ffff"
ACCOUNT = bindparam("param_account", type_=Account.id.type)


async def locked_account(
    unit: Unit, account_id: int, *, expected_version: int | None = None, path: str = "account_id"
) -> Account:
    """The account as an entity of the session, for a caller that changes it; as `lock_account`."""
    await lock_account(unit, account_id, expected_version=expected_version, path=path)
    return await unit.session.get_one(Account, account_id, populate_existing=True)


async def lock_account(
    unit: Unit, account_id: int, *, expected_version: int | None = None, path: str = "account_id"
) -> Row[Any]:
    """Locks the account until the unit ends. Returns its columns as a row.

    Raises NOT_FOUND, and CONFLICT for another version. FOR NO KEY UPDATE still lets others write
    rows that reference the account, for example charges of accounts that it pays for.
    """
    found = await execute(unit.connection, _account_to_lock(), {ACCOUNT.key: account_id})
    account = found.one_or_none()
    if account is None:
        raise NotFoundError("account", (path,))
    check_version(account.version, expected_version)
    return account


@cache
def _account_to_lock() -> AnySelect:
    return for_no_key_update(select(*Account.__table__.c).where(Account.id == ACCOUNT))


async def locked_accounts(unit: Unit, account_ids: Collection[int]) -> dict[int, Account]:
    """The accounts that exist, by id, locked in the order of their ids until the unit ends."""
    statement = select(Account).where(in_ids(Account.id, account_ids)).order_by(Account.id)
    locking = for_no_key_update(statement).execution_options(populate_existing=True)
    return {account.id: account for account in await unit.session.scalars(locking)}


async def locked_active_account(unit: Unit, account_id: int) -> Account:
    """The account, locked. Raises NOT_FOUND, and NOT_ALLOWED unless it is active (rules 6.8)."""
    account = await locked_account(unit, account_id)
    check_active(account)
    return account


async def default_bill_unit(unit: Unit, account_id: int) -> BillUnit:
    """The default bill unit of the account; each account has exactly one."""
    found = await unit.session.execute(_default_bill_unit(), {ACCOUNT.key: account_id})
    return found.scalar_one()


@cache
def _default_bill_unit() -> Select[BillUnit]:
    statement = select(BillUnit).where(BillUnit.account_id == ACCOUNT, BillUnit.is_default)
    return statement.execution_options(populate_existing=True)


async def bill_units_to_bill(unit: Unit, account_id: int, *, limit: int) -> Sequence[BillUnit]:
    """The bill units of an account, then those of other accounts that they pay for.

    By `ix_bill_unit_account_id` and `ix_bill_unit_paying_parent_id`. With IN, PostgreSQL would read
    all bill units.
    """
    own = select(BillUnit.id).where(BillUnit.account_id == account_id)
    statement = select(BillUnit).where(
        or_(BillUnit.account_id == account_id, in_ids(BillUnit.paying_parent_id, own))
    )
    ordered = statement.order_by(BillUnit.account_id != account_id, BillUnit.id).limit(limit)
    return (await unit.session.execute(ordered)).scalars().all()


async def taken_numbers(unit: Unit, numbers: Collection[str]) -> set[str]:
    """Those of these numbers that an account has."""
    if not numbers:
        return set()
    statement = select(Account.number).where(in_texts(Account.number, numbers))
    return set((await unit.session.execute(statement)).scalars())


async def default_bill_unit_ids(unit: Unit, account_ids: Collection[int]) -> dict[int, int]:
    """The id of the default bill unit of each of these accounts."""
    statement = select(BillUnit.account_id, BillUnit.id).where(
        in_ids(BillUnit.account_id, account_ids), BillUnit.is_default
    )
    return dict((await unit.session.execute(statement)).all())


def paying(name: str, *, with_since: bool = False) -> FromClause:
    """Pairs (payer_id, payee_id) of different accounts, one per bill unit, so pairs may repeat.

    `with_since` adds when the payer began to pay for that bill unit.
    """
    payer = aliased(BillUnit)
    payee = aliased(BillUnit)
    pairs = select(payer.account_id.label("payer_id"), payee.account_id.label("payee_id"))
    if with_since:
        pairs = pairs.add_columns(_since(payee))
    joined = pairs.join(payee, payee.paying_parent_id == payer.id)
    return joined.where(payer.account_id != payee.account_id).subquery(name)


def _since(payee: type[BillUnit]) -> ColumnElement[datetime]:
    current = select(PaidPeriod.starts_at).where(
        PaidPeriod.bill_unit_id == payee.id, PaidPeriod.ends_at.is_(None)
    )
    return func.coalesce(current.scalar_subquery(), payee.created_at).label("since")


def paid_through(ids: CTE) -> CTE:
    """These accounts and all that they pay for, at any level: all that their change can affect."""
    found = select(ids.c.id).cte("paid_through", recursive=True)
    edge = paying("paid_edge")
    return found.union(select(edge.c.payee_id).join(found, found.c.id == edge.c.payer_id))


def paying_for(ids: CTE) -> CTE:
    """These accounts and all that pay for them, at any level: all whose changes affect them."""
    [key] = ids.c
    found = select(key.label("id")).cte(recursive=True)
    edge = paying("payer_edge")
    return found.union(select(edge.c.payer_id).join(found, found.c.id == edge.c.payee_id))


def matches_search(text: str) -> ColumnElement[bool]:
    """Accounts that have a term starting with a search, or one for each word of it.

    All accounts if the search has no words.
    """
    words = search_words(text)
    return _whole_or_each(words, lambda it: Account.id.in_(_having_term(it))) if words else true()


def search_candidates(text: str) -> Candidates | None:
    """The accounts with a term that begins with the search, or with its longest word.

    The longest word is the rarest, as a rule. Exact are those with all words.

    Each beginning is a range of `pk_search_term`. With OR, PostgreSQL would read all of them before
    it returns the first id. The condition looks up the terms of an account by
    `ix_search_term_account_id_term`; its limit keeps PostgreSQL from reading all that begin so.
    """
    words = search_words(text)
    if not words:
        return None

    def looked_up(text: str) -> ColumnElement[bool]:
        of_account = _having_term(text).where(SearchTerm.account_id == Account.id).limit(1)
        return of_account.correlate(Account).scalar_subquery().is_not(None)

    whole = " ".join(words)
    lettered = words_with_letters(words)
    longest = max(lettered, key=len)
    keys = _beginning_with([*search_prefixes(whole), *search_prefixes(longest)])
    if len(words) == 1:
        return Candidates(keys, looked_up(whole))
    having_all = intersect(
        *(select(_beginning_with(search_prefixes(it)).subquery()) for it in lettered)
    )
    having_whole = _beginning_with(search_prefixes(whole))
    either = union_all(*(select(it.subquery()) for it in (having_whole, having_all)))
    return Candidates(keys, _whole_or_each(words, looked_up), select(either.subquery()))


def _beginning_with(prefixes: Sequence[str]) -> Select[int]:
    ranges = [
        select(SearchTerm.account_id).where(begins_with(it)) for it in dict.fromkeys(prefixes)
    ]
    return ranges[0] if len(ranges) == 1 else select(union_all(*ranges).subquery().c.account_id)


def _having_term(text: str) -> Select[int]:
    prefixes = (begins_with(prefix) for prefix in search_prefixes(text))
    return select(SearchTerm.account_id).where(or_(*prefixes))


def _whole_or_each(
    words: Sequence[str], has_term: Callable[[str], ColumnElement[bool]]
) -> ColumnElement[bool]:
    whole = has_term(" ".join(words))
    if len(words) == 1:
        return whole
    return whole | and_(*(has_term(word) for word in words_with_letters(words)))


def begins_with(prefix: str) -> ColumnElement[bool]:
    """Search terms that begin with a text."""
    return and_(SearchTerm.term >= prefix, SearchTerm.term < prefix + LAST_CHARACTER)
