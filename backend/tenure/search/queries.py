"""Reads what a text finds, best match first.

Accounts, services and bills are found by indexes only. Each way to match contributes at most
CANDIDATES accounts, and only these are sorted. A search therefore costs the same however many
accounts match, and however many there are. Of the offers the whole catalog is read, which is small.
"""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Select,
    SQLColumnExpression,
    and_,
    case,
    func,
    intersect,
    literal,
    or_,
    select,
    union_all,
)
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import InstrumentedAttribute

from tenure.accounts.models import Account, SearchTerm
from tenure.accounts.queries import begins_with
from tenure.accounts.rules import CARD, ENDING, login_terms, search_prefixes
from tenure.assets.models import Service
from tenure.billing.bills.models import Bill
from tenure.billing.bills.queries import is_listed
from tenure.catalog.models import Offer
from tenure.kernel.dialects import in_ids
from tenure.kernel.search_text import without_punctuation, words_with_letters
from tenure.kernel.text import search_words
from tenure.search.rules import BillNumberParts, bill_number_parts

CANDIDATES = 200
# Of each of several words; an account must match all of them.
CANDIDATES_OF_A_WORD = 10_000

EXACT, PREFIX, OTHER = range(3)


async def best_accounts(session: AsyncSession, text: str, *, limit: int) -> Sequence[int]:
    """The ids of the accounts that a text finds, best match first.

    A whole term comes before the beginning of a term, and that before the end of a number and a
    card; then accounts without a parent, then the newest.
    """
    words = search_words(text)
    if not words:
        return []
    candidates = union_all(*_candidates(words)).subquery("candidate")
    rank = func.min(candidates.c.rank)
    ranked = select(candidates.c.account_id, rank.label("rank"))
    best = ranked.group_by(candidates.c.account_id).subquery("best")
    statement = select(Account.id).join(best, best.c.account_id == Account.id)
    statement = statement.order_by(
        best.c.rank,
        Account.parent_id.is_not(None),
        Account.created_at.desc(),
        Account.id.desc(),
    )
    return (await session.execute(statement.limit(limit))).scalars().all()


async def best_services(session: AsyncSession, text: str, *, limit: int) -> Sequence[int]:
    """The ids of the services whose login a text finds, in the order of their accounts."""
    words = search_words(text)
    account_ids = await best_accounts(session, text, limit=CANDIDATES)
    if not account_ids:
        return []
    statement = select(Service.id, Service.account_id, Service.login).where(
        in_ids(Service.account_id, account_ids), Service.login.is_not(None)
    )
    prefixes = tuple(search_prefixes(" ".join(words)))
    place_of = {account_id: place for place, account_id in enumerate(account_ids)}
    found = [
        (place_of[row.account_id], row.id)
        for row in await session.execute(statement)
        if any(term.startswith(prefixes) for term in login_terms(row.login))
    ]
    return [service_id for _, service_id in sorted(found)][:limit]


async def best_bills(session: AsyncSession, text: str, *, limit: int) -> Sequence[int]:
    """The ids of the bills whose number a text is or a part of, newest first."""
    readings = bill_number_parts(text)
    if not readings:
        return []
    found = [_bills(parts, limit) for parts in readings]
    bill = union_all(*(select(it.subquery()) for it in found)).subquery("found_bill")
    statement = select(bill.c.id).distinct().order_by(bill.c.period_end.desc(), bill.c.id.desc())
    statement = statement.add_columns(bill.c.period_end).limit(limit)
    return [row.id for row in await session.execute(statement)]


async def best_offers(session: AsyncSession, text: str, *, limit: int) -> Sequence[int]:
    """The ids of the offers whose code or name contains each word of a text.

    The code itself comes first, then codes and names that begin with the text; then the newest.
    """
    words = [without_punctuation(word) or word for word in search_words(text)]
    if not words:
        return []
    whole = " ".join(words)
    rank = case(
        (func.lower(Offer.code) == whole.lower(), EXACT),
        (_begins(Offer.code, whole) | _begins(Offer.name, whole), PREFIX),
        else_=OTHER,
    )
    having_all = (
        or_(*(it.icontains(word, autoescape=True) for it in (Offer.code, Offer.name)))
        for word in words
    )
    statement = select(Offer.id).where(*having_all).order_by(rank, Offer.id.desc()).limit(limit)
    return (await session.execute(statement)).scalars().all()


def _begins(column: InstrumentedAttribute[str], text: str) -> ColumnElement[bool]:
    return column.istartswith(text, autoescape=True)


def _bills(parts: BillNumberParts, limit: int) -> Select[int, object]:
    conditions = [is_listed()]
    if parts.bill_unit_id is not None:
        number = f"B-{parts.bill_unit_id}-{parts.date_digits}"
        conditions += [
            Bill.bill_unit_id == parts.bill_unit_id,
            Bill.number.startswith(number, autoescape=True),
        ]
    if parts.ends_from is not None:
        conditions += [Bill.period_end >= parts.ends_from, Bill.period_end < parts.ends_to]
    rows = select(Bill.id, Bill.period_end).where(*conditions)
    return rows.order_by(Bill.period_end.desc(), Bill.id.desc()).limit(limit)


def _candidates(words: Sequence[str]) -> list[Select[int, int]]:
    """For each way to match: at most CANDIDATES accounts, with the rank of the match."""
    key, *others = search_prefixes(" ".join(words))
    equal = SearchTerm.term == key
    newest = SearchTerm.account_id.desc()
    ways = [
        _way(equal, EXACT, newest),
        _way(and_(equal, SearchTerm.is_root), EXACT, newest),
        _way(begins_with(key), PREFIX, SearchTerm.term),
        _way(and_(begins_with(key), SearchTerm.is_root), PREFIX, SearchTerm.term),
    ]
    for prefix in others:
        rank = OTHER if prefix.startswith((ENDING, CARD)) else PREFIX
        ways.append(_way(begins_with(prefix), rank, SearchTerm.term))
    if len(words) > 1:
        ways.append(_having_all(words_with_letters(words)))
    # SQLite does not accept a limit in a part of a union.
    return [select(way.subquery()) for way in ways]


def _way(
    condition: ColumnElement[bool], rank: int, order: SQLColumnExpression[Any]
) -> Select[int, int]:
    rows = select(SearchTerm.account_id, literal(rank).label("rank")).where(condition)
    return rows.order_by(order).limit(CANDIDATES)


def _having_all(words: Sequence[str]) -> Select[int, int]:
    """Accounts that have a term for each word.

    As an intersection, each word is read once. A nested condition would be read again for each
    account: with two common words and 100,000 accounts that took 12 seconds.
    """
    of_words = (
        select(SearchTerm.account_id)
        .where(or_(*(begins_with(prefix) for prefix in search_prefixes(word))))
        .limit(CANDIDATES_OF_A_WORD)
        for word in words
    )
    found = intersect(*(select(it.subquery()) for it in of_words)).subquery()
    return select(found.c.account_id, literal(PREFIX).label("rank")).limit(CANDIDATES)
