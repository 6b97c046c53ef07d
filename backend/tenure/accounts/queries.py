"""Finding accounts and their bill units, for verbs."""

from datetime import datetime

from sqlalchemy import CTE, ColumnElement, FromClause, exists, func, select
from sqlalchemy.orm import aliased

from tenure.accounts.models import Account, BillUnit, PaidPeriod, SearchTerm
from tenure.holds.models import Status
from tenure.kernel.errors import ErrorCode, NotFoundError, TenureError
from tenure.kernel.text import search_key
from tenure.kernel.unit import Unit

KEEPING_ITS_KEY = {"key_share": True}
# Sorts behind every other character in both databases.
LAST_CHARACTER = "\U0010ffff"


async def locked_account(
    unit: Unit, account_id: int, *, expected_version: int | None = None, path: str = "account_id"
) -> Account:
    """The account, locked until the unit ends. Raises NOT_FOUND, and CONFLICT where its version is another.

    Here as everywhere the lock is one that lets others write rows that name the account: charges of those it pays for.
    """
    account = await unit.session.get(
        Account, account_id, with_for_update=KEEPING_ITS_KEY, populate_existing=True
    )
    if account is None:
        raise NotFoundError("account", (path,))
    check_version(account.version, expected_version)
    return account


async def locked_active_account(unit: Unit, account_id: int) -> Account:
    """The account, locked, where something may be bought or added for it (rules 6.8). Raises NOT_FOUND, NOT_ALLOWED."""
    account = await locked_account(unit, account_id)
    if account.status is not Status.ACTIVE:
        words = (
            f"Account {account.number} is {account.status}: nothing can be bought or added for it."
        )
        raise TenureError(ErrorCode.NOT_ALLOWED, words, ("account_id",))
    return account


def check_version(version: int, expected: int | None) -> None:
    """Raises CONFLICT where somebody changed it since the caller read it."""
    if expected is not None and version != expected:
        raise TenureError(
            ErrorCode.CONFLICT,
            f"Somebody changed it first: it is at version {version}, not {expected}. Read again, then retry.",
            ("expected_version",),
        )


async def default_bill_unit(unit: Unit, account_id: int) -> BillUnit:
    """The account's default bill unit: there is exactly one."""
    statement = select(BillUnit).where(BillUnit.account_id == account_id, BillUnit.is_default)
    return (
        await unit.session.execute(statement.execution_options(populate_existing=True))
    ).scalar_one()


async def number_is_taken(unit: Unit, number: str) -> bool:
    """True where an account has this number."""
    return bool(
        (await unit.session.execute(select(exists().where(Account.number == number)))).scalar()
    )


def paying(name: str, *, with_since: bool = False) -> FromClause:
    """Which account pays for a bill unit of which other account, as (payer_id, payee_id). May repeat a pair.

    With `since` where it is wanted: when it began to pay for that bill unit.
    """
    payer, payee = aliased(BillUnit), aliased(BillUnit)
    pairs = select(payer.account_id.label("payer_id"), payee.account_id.label("payee_id"))
    if with_since:
        pairs = pairs.add_columns(_since(payee))
    joined = pairs.join(payee, payee.paying_parent_id == payer.id)
    return joined.where(payer.account_id != payee.account_id).subquery(name)


def _since(payee: type[BillUnit]) -> ColumnElement[datetime]:
    now = select(PaidPeriod.starts_at).where(
        PaidPeriod.bill_unit_id == payee.id, PaidPeriod.ends_at.is_(None)
    )
    return func.coalesce(now.scalar_subquery(), payee.created_at).label("since")


def paid_through(ids: CTE) -> CTE:
    """These accounts and all that are paid by them through any number of levels: nobody else can be touched by a change of theirs."""
    found = select(ids.c.id).cte("paid_through", recursive=True)
    edge = paying("paid_edge")
    return found.union(select(edge.c.payee_id).join(found, found.c.id == edge.c.payer_id))


def paying_for(ids: CTE) -> CTE:
    """These accounts and all that pay for them through any number of levels: what happens to those happens to them."""
    found = select(ids.c.id).cte("paying_for", recursive=True)
    edge = paying("payer_edge")
    return found.union(select(edge.c.payer_id).join(found, found.c.id == edge.c.payee_id))


def matches_search(text: str) -> ColumnElement[bool]:
    """Accounts of which, for every word of `text`, some term begins with that word; or with `text` as a whole."""
    whole = _has_term(search_key(" ".join(text.split())))
    words = [_has_term(search_key(word)) for word in text.split()]
    condition: ColumnElement[bool] = whole
    if len(words) > 1:
        every = words[0]
        for word in words[1:]:
            every = every & word
        condition = whole | every
    return condition


def _has_term(beginning: str) -> ColumnElement[bool]:
    return Account.id.in_(
        select(SearchTerm.account_id).where(
            SearchTerm.term >= beginning, SearchTerm.term < beginning + LAST_CHARACTER
        )
    )
