"""Ancestors and descendants in the account hierarchy, at any depth (rules 5.1)."""

from collections.abc import Sequence

from sqlalchemy import CTE, ColumnElement, exists, select
from sqlalchemy.orm import aliased

from tenure.accounts.models import Account, BillUnit
from tenure.kernel.unit import Unit


def subtree(account_id: int | ColumnElement[int]) -> CTE:
    """The ids of all accounts below an account, without itself."""
    account = aliased(Account)
    below = select(account.id).where(account.parent_id == account_id).cte(recursive=True)
    return below.union(select(account.id).join(below, account.parent_id == below.c.id))


def is_below(account_id: int | ColumnElement[int]) -> ColumnElement[bool]:
    """Accounts below an account, at any depth."""
    return Account.id.in_(select(subtree(account_id).c.id))


async def ancestors(unit: Unit, account_id: int) -> Sequence[int]:
    """The ids from the account up to its root, itself included."""
    up = (
        select(Account.id, Account.parent_id)
        .where(Account.id == account_id)
        .cte("up", recursive=True)
    )
    up = up.union(select(Account.id, Account.parent_id).join(up, Account.id == up.c.parent_id))
    return (await unit.session.execute(select(up.c.id))).scalars().all()


async def has_children(unit: Unit, account_id: int) -> bool:
    """True where the account has children."""
    return bool(
        (
            await unit.session.execute(select(exists().where(Account.parent_id == account_id)))
        ).scalar()
    )


async def paid_by_parent(unit: Unit, account_id: int, parent_id: int) -> Sequence[BillUnit]:
    """Bill units of the account that its parent, or the payer of its parent, pays for."""
    parents = select(BillUnit.id).where(BillUnit.account_id == parent_id)
    payers = select(BillUnit.paying_parent_id).where(
        BillUnit.account_id == parent_id,
        BillUnit.is_default,
        BillUnit.paying_parent_id.is_not(None),
    )
    paid = BillUnit.paying_parent_id.in_(parents) | BillUnit.paying_parent_id.in_(payers)
    statement = (
        select(BillUnit).where(BillUnit.account_id == account_id, paid).order_by(BillUnit.id)
    )
    return (
        (await unit.session.execute(statement.execution_options(populate_existing=True)))
        .scalars()
        .all()
    )
