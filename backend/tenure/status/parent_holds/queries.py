"""Whether an account with a nonpaying bill unit is inactive or closed with its payers (rules 2.6).

This is SQL, because one change can affect any number of accounts: its targets and all accounts that
they pay for, through any number of levels. Their PARENT holds are recomputed from the holds of
their payers.
"""

from sqlalchemy import CTE, and_, case, func, select, union_all
from sqlalchemy.orm import aliased

from tenure.accounts.models import Account
from tenure.accounts.queries import paid_through, paying
from tenure.holds.models import Cause, Status
from tenure.holds.queries import with_change
from tenure.kernel.db import AnySelect
from tenure.kernel.dialects import in_ids
from tenure.kernel.locks import for_no_key_update
from tenure.status.rows.queries import (
    ADD_CLOSED,
    ADD_INACTIVE,
    COLUMNS_BEFORE,
    KEEP_CLOSED,
    KEEP_INACTIVE,
    NO_ID,
    TARGETS,
    changed_rows,
    columns_before,
)


def lock_affected_accounts() -> AnySelect:
    """Locks the affected accounts in the order of their ids, as `kernel.locks` says."""
    affected = select(paid_through(_targets()).c.id)
    locked = for_no_key_update(
        select(Account.id).where(in_ids(Account.id, affected)).order_by(Account.id)
    )
    return select(func.count()).select_from(locked.subquery())


def changed_accounts() -> CTE:
    """The accounts whose holds change: targets, and accounts that they pay for (rules 2.6)."""
    targets = _targets()
    affected = paid_through(targets)
    payers = _payers(affected)
    own = _own_holds(targets, affected)
    parent = _parent_holds(own, affected, payers)
    inactive = own.c.inactive.op("|")(func.coalesce(parent.c.inactive, 0))
    closed = own.c.closed.op("|")(func.coalesce(parent.c.closed, 0))
    before = [own.c[name] for name in COLUMNS_BEFORE]
    after = select(
        *before,
        own.c.is_target,
        inactive.label("inactive"),
        closed.label("closed"),
        NO_ID.label("followed_id"),
    )
    joined = after.outerjoin(parent, parent.c.id == own.c.account_id)
    return _with_followed(changed_rows(joined.cte("account_after"), "account"), payers)


def _targets() -> CTE:
    """The accounts that the change is made to."""
    return select(Account.id).where(in_ids(Account.id, TARGETS)).cte("targets")


def _payers(affected: CTE) -> CTE:
    """The payers of the affected accounts; some of them are not affected themselves."""
    edge = paying("edge", with_since=True)
    pairs = select(edge.c.payer_id, edge.c.payee_id, edge.c.since)
    return pairs.where(in_ids(edge.c.payee_id, select(affected.c.id))).cte("payers")


def _own_holds(targets: CTE, affected: CTE) -> CTE:
    """The holds of the affected accounts without PARENT; those of targets after the change."""
    is_target = targets.c.id.is_not(None)
    inactive = with_change(Account.inactive_holds, KEEP_INACTIVE, ADD_INACTIVE)
    closed = with_change(Account.closed_holds, KEEP_CLOSED, ADD_CLOSED)
    no_parent = int(~Cause.PARENT)
    inactive_after = case((is_target, inactive), else_=Account.inactive_holds).op("&")(no_parent)
    closed_after = case((is_target, closed), else_=Account.closed_holds).op("&")(no_parent)
    return (
        select(
            *columns_before(Account),
            is_target.label("is_target"),
            inactive_after.label("inactive"),
            closed_after.label("closed"),
        )
        .outerjoin(targets, targets.c.id == Account.id)
        .where(in_ids(Account.id, select(affected.c.id)))
        .cte("own_holds")
    )


def _parent_holds(own: CTE, affected: CTE, payers: CTE) -> CTE:
    """The PARENT bits of the affected accounts, from the strongest hold of each of their payers.

    Levels (1 inactive, 2 closed) start at accounts with holds of their own, so accounts that pay
    for each other in a cycle do not hold each other. Payers that are not affected cannot change;
    their current status counts. Holds of the paid account itself make no difference.
    """
    unaffected = aliased(Account)
    down = payers.alias("down")
    last = payers.alias("last")
    level = case((own.c.closed != 0, 2), (own.c.inactive != 0, 1), else_=0)
    unaffected_level = case((unaffected.status == Status.CLOSED, 2), else_=1)
    sources = union_all(
        select(own.c.account_id.label("id"), level.label("level")).where(level > 0),
        select(unaffected.id, unaffected_level).where(
            in_ids(unaffected.id, select(payers.c.payer_id)),
            unaffected.status != Status.ACTIVE,
            unaffected.id.not_in(select(affected.c.id)),
        ),
    ).cte("sources")
    start = select(sources.c.id, sources.c.level).cte("inherited", recursive=True)
    inherited = start.union(
        select(down.c.payee_id, start.c.level).join(start, start.c.id == down.c.payer_id)
    )
    strongest = (
        select(inherited.c.id, func.max(inherited.c.level).label("level"))
        .group_by(inherited.c.id)
        .cte("strongest")
    )
    parent = int(Cause.PARENT)
    return (
        select(
            last.c.payee_id.label("id"),
            func.max(case((strongest.c.level == 1, parent), else_=0)).label("inactive"),
            func.max(case((strongest.c.level == 2, parent), else_=0)).label("closed"),
        )
        .join(strongest, strongest.c.id == last.c.payer_id)
        .group_by(last.c.payee_id)
        .cte("parent_holds")
    )


def _with_followed(changed: CTE, payers: CTE) -> CTE:
    """Changed accounts with the event of the payer that they followed; targets follow none."""
    event = func.min(changed.c.event_id).label("event_id")
    since = func.min(payers.c.since).label("since")
    status_differs = changed.c.from_status != changed.c.to_status
    found = select(payers.c.payee_id, event, since).join(
        changed, changed.c.account_id == payers.c.payer_id
    )
    first = found.where(status_differs).group_by(payers.c.payee_id).cte("followed")
    columns = [column for column in changed.c if column.name not in ("followed_id", "not_before")]
    # A hold that follows from a payer never begins before that payer paid (rules 2.11).
    later = and_(~changed.c.is_target, first.c.since > changed.c.not_before)
    not_before = case((later, first.c.since), else_=changed.c.not_before).label("not_before")
    followed = case((changed.c.is_target, NO_ID), else_=first.c.event_id).label("followed_id")
    joined = select(*columns, not_before, followed).outerjoin(
        first, first.c.payee_id == changed.c.account_id
    )
    return joined.cte("changed_account_followed")
