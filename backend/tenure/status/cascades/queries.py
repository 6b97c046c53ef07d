"""The cascade as SQL: who changes, to which holds, and because of which event. A fixed number of statements.

Each function gives a CTE of the entities that change, with the same columns (see `_changed`). The write path takes the
changed accounts from the events that it has just written; the preview takes them from the CTE itself. Both are
therefore the same cascade.
"""

from datetime import datetime
from typing import Any

from sqlalchemy import (
    CTE,
    BigInteger,
    ColumnElement,
    FromClause,
    SmallInteger,
    and_,
    bindparam,
    case,
    cast,
    func,
    literal,
    null,
    or_,
    select,
    union_all,
)
from sqlalchemy.orm import aliased

from tenure.accounts.models import Account
from tenure.accounts.queries import paid_through, paying
from tenure.assets.models import PurchasedOffer, Service
from tenure.assets.queries import cannot_have_login_back
from tenure.events.models import Event, EventKind
from tenure.events.queries import of_change
from tenure.holds.models import Cause, Status
from tenure.holds.queries import Bits, replaced, with_change
from tenure.kernel.db import AnySelect
from tenure.kernel.dialects import IdList, in_ids, new_event_id
from tenure.status.cascades.rules import Kind

HeldTable = type[Account] | type[Service] | type[PurchasedOffer]
FROM_ABOVE = int(Cause.ACCOUNT | Cause.SERVICE)
NOBODY = cast(null(), BigInteger)
BEFORE = "account_id service_id offer_id label from_status inactive_before closed_before changed_before not_before".split()

# What differs from one change to the next (`HoldChange.given`, and the change's id once its events are written).
TARGETS = bindparam("given_ids", type_=IdList())
KEEP_INACTIVE = bindparam("given_keep_inactive", type_=SmallInteger)
KEEP_CLOSED = bindparam("given_keep_closed", type_=SmallInteger)
ADD_INACTIVE = bindparam("given_add_inactive", type_=SmallInteger)
ADD_CLOSED = bindparam("given_add_closed", type_=SmallInteger)
CHANGE = bindparam("given_change", type_=BigInteger)


def locked_region() -> AnySelect:
    """Locks the region in the order of ids, so that two cascades wait for each other rather than deadlock."""
    region = select(paid_through(_targets()).c.id)
    locked = (
        select(Account.id)
        .where(in_ids(Account.id, region))
        .order_by(Account.id)
        .with_for_update(key_share=True)
    )
    return select(func.count()).select_from(locked.subquery())


def changed_accounts() -> CTE:
    """The accounts whose holds change, targets and those paid by them (rules 2.6)."""
    targets = _targets()
    region = paid_through(targets)
    payers = _payers(region)
    own = _own_holds(targets, region)
    parent = _parent_holds(own, region, payers)
    inactive = own.c.inactive.op("|")(func.coalesce(parent.c.inactive, 0))
    closed = own.c.closed.op("|")(func.coalesce(parent.c.closed, 0))
    before = [own.c[name] for name in BEFORE]
    after = select(
        *before,
        own.c.is_target,
        inactive.label("inactive"),
        closed.label("closed"),
        NOBODY.label("followed_id"),
    )
    joined = after.outerjoin(parent, parent.c.id == own.c.account_id)
    return _with_followed(_changed(joined.cte("account_after"), "account"), payers)


def changed_services(accounts: FromClause | None, *, allow_active: bool) -> CTE:
    """The services whose holds change: the targets, or those of the changed accounts (rules 2.3 and 2.12)."""
    if accounts is None:
        return _changed(_targets_after(Service).cte("service_after"), "service")
    holding = [] if allow_active else [Status.INACTIVE]
    inactive = replaced(Service.inactive_holds, Cause.ACCOUNT, accounts.c.to_status.in_(holding))
    closed = replaced(Service.closed_holds, Cause.ACCOUNT, accounts.c.to_status == Status.CLOSED)
    closed_for_good = case((cannot_have_login_back(accounts), int(Cause.MANUAL)), else_=closed)
    after = _after(
        Service, inactive, closed_for_good, accounts.c.event_id, not_before=accounts.c.not_before
    )
    of_changed = after.join(accounts, accounts.c.account_id == Service.account_id)
    moved = of_changed.where(accounts.c.from_status != accounts.c.to_status)
    return _changed(moved.cte("service_after"), "service")


def changed_offers(accounts: FromClause | None, services: FromClause | None) -> CTE:
    """The offers whose holds change. A closed one never does: it was cancelled for good (rules 2.5)."""
    parts: list[AnySelect] = []
    if accounts is not None:
        parts.append(_offers_of_accounts(accounts))
    if services is not None:
        parts.append(_offers_of_services(services))
    if not parts:
        parts.append(_targets_after(PurchasedOffer))
    open_ones = [part.where(PurchasedOffer.status != Status.CLOSED) for part in parts]
    return _changed(union_all(*open_ones).cte("offer_after"), "offer")


def written(kind: Kind) -> FromClause:
    """What the change has written for entities of this kind, with the columns that followers and updates need."""
    about = {
        Kind.ACCOUNT: and_(Event.service_id.is_(None), Event.offer_id.is_(None)),
        Kind.SERVICE: and_(Event.service_id.is_not(None), Event.offer_id.is_(None)),
        Kind.OFFER: Event.offer_id.is_not(None),
    }[kind]
    rows = select(
        Event.id.label("event_id"),
        Event.account_id,
        Event.service_id,
        Event.offer_id,
        Event.from_status,
        Event.to_status,
        Event.followed_id,
        Event.inactive_holds,
        Event.closed_holds,
        Event.occurred_at,
        Event.occurred_at.label("not_before"),
    )
    return rows.where(of_change(CHANGE), Event.kind == EventKind.STATUS_CHANGE, about).subquery(
        f"written_{kind}"
    )


def _targets() -> CTE:
    """The accounts that the change is made to."""
    return select(Account.id).where(in_ids(Account.id, TARGETS)).cte("targets")


def _payers(region: CTE) -> CTE:
    """Who pays for the accounts of the region, from inside and from outside."""
    edge = paying("edge", with_since=True)
    pairs = select(edge.c.payer_id, edge.c.payee_id, edge.c.since)
    return pairs.where(in_ids(edge.c.payee_id, select(region.c.id))).cte("payers")


def _own_holds(targets: CTE, region: CTE) -> CTE:
    """The holds of the region without PARENT, the targets' as they will be."""
    is_target = targets.c.id.is_not(None)
    inactive = with_change(Account.inactive_holds, KEEP_INACTIVE, ADD_INACTIVE)
    closed = with_change(Account.closed_holds, KEEP_CLOSED, ADD_CLOSED)
    no_parent = int(~Cause.PARENT)
    return (
        select(
            *_before(Account),
            is_target.label("is_target"),
            case((is_target, inactive), else_=Account.inactive_holds)
            .op("&")(no_parent)
            .label("inactive"),
            case((is_target, closed), else_=Account.closed_holds)
            .op("&")(no_parent)
            .label("closed"),
        )
        .outerjoin(targets, targets.c.id == Account.id)
        .where(in_ids(Account.id, select(region.c.id)))
        .cte("own_holds")
    )


def _parent_holds(own: CTE, region: CTE, payers: CTE) -> CTE:
    """The PARENT bits of the region: a payer passes on the graver of its own holds and those that reach it.

    The levels (1 inactive, 2 closed) start at accounts with holds of their own, so that no circle of payers holds
    itself; payers outside of the region cannot change and count as they stand.
    """
    outside, down, last = aliased(Account), payers.alias("down"), payers.alias("last")
    level = case((own.c.closed != 0, 2), (own.c.inactive != 0, 1), else_=0)
    standing_outside = case((outside.status == Status.CLOSED, 2), else_=1)
    grounds = union_all(
        select(own.c.account_id.label("id"), level.label("level")).where(level > 0),
        select(outside.id, standing_outside).where(
            in_ids(outside.id, select(payers.c.payer_id)),
            outside.status != Status.ACTIVE,
            outside.id.not_in(select(region.c.id)),
        ),
    ).cte("grounds")
    reached = select(grounds.c.id, grounds.c.level).cte("reached", recursive=True)
    step = select(down.c.payee_id, reached.c.level).join(reached, reached.c.id == down.c.payer_id)
    reached = reached.union(step)
    strongest = (
        select(reached.c.id, func.max(reached.c.level).label("level"))
        .group_by(reached.c.id)
        .cte("gravest")
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


def _offers_of_accounts(accounts: FromClause) -> AnySelect:
    """Offers that were bought for a changed account itself."""
    to = accounts.c.to_status
    inactive = replaced(PurchasedOffer.inactive_holds, Cause.ACCOUNT, to == Status.INACTIVE)
    closed = replaced(PurchasedOffer.closed_holds, Cause.ACCOUNT, to == Status.CLOSED)
    after = _after(
        PurchasedOffer, inactive, closed, accounts.c.event_id, not_before=accounts.c.not_before
    )
    of_changed = after.join(accounts, accounts.c.account_id == PurchasedOffer.account_id)
    return of_changed.where(PurchasedOffer.service_id.is_(None), accounts.c.from_status != to)


def _offers_of_services(services: FromClause) -> AnySelect:
    """Offers of a changed service: SERVICE by its status, and ACCOUNT exactly as the service carries it (2.3, 2.4)."""

    def masks(holds: Any, of_service: Bits, effect: Status) -> Bits:
        inherited = of_service.op("&")(int(Cause.ACCOUNT))
        own = case((services.c.to_status == effect, int(Cause.SERVICE)), else_=0)
        return holds.op("&")(~FROM_ABOVE).op("|")(inherited).op("|")(own)  # type: ignore[no-any-return]

    inactive = masks(PurchasedOffer.inactive_holds, services.c.inactive_holds, Status.INACTIVE)
    closed = masks(PurchasedOffer.closed_holds, services.c.closed_holds, Status.CLOSED)
    after = _after(
        PurchasedOffer, inactive, closed, services.c.event_id, not_before=services.c.not_before
    )
    return after.join(services, services.c.service_id == PurchasedOffer.service_id)


def _targets_after(table: type[Service] | type[PurchasedOffer]) -> AnySelect:
    """The services or offers that the change is made to, with their holds after it."""
    inactive = with_change(table.inactive_holds, KEEP_INACTIVE, ADD_INACTIVE)
    closed = with_change(table.closed_holds, KEEP_CLOSED, ADD_CLOSED)
    return _after(table, inactive, closed, NOBODY, is_target=True).where(in_ids(table.id, TARGETS))


def _after(
    table: HeldTable,
    inactive: Bits,
    closed: Bits,
    followed: Any,
    *,
    is_target: bool = False,
    not_before: ColumnElement[datetime] | None = None,
) -> AnySelect:
    """`not_before` is when what it follows from takes effect; nothing does before its own creation."""
    return select(
        *_before(table, not_before),
        literal(is_target).label("is_target"),
        inactive.label("inactive"),
        closed.label("closed"),
        followed.label("followed_id"),
    )


def _changed(after: CTE, kind: str) -> CTE:
    """Those whose holds differ from before, each with the id of the event that will tell of it."""
    to_status = case(
        (after.c.closed != 0, Status.CLOSED.value),
        (after.c.inactive != 0, Status.INACTIVE.value),
        else_=Status.ACTIVE.value,
    )
    return (
        select(
            new_event_id().label("event_id"),
            *(after.c[name] for name in BEFORE),
            to_status.label("to_status"),
            after.c.inactive.label("inactive_holds"),
            after.c.closed.label("closed_holds"),
            after.c.is_target,
            after.c.followed_id,
        )
        .where(
            or_(
                after.c.inactive != after.c.inactive_before, after.c.closed != after.c.closed_before
            )
        )
        .cte(f"changed_{kind}")
        .prefix_with("MATERIALIZED")
    )


def _before(
    table: HeldTable, not_before: ColumnElement[datetime] | None = None
) -> list[ColumnElement[Any]]:
    """Whose event it will be, what it will be about, what that is called, and how it stood: the columns BEFORE."""
    account, service, offer, label = {
        Account: (Account.id, NOBODY, NOBODY, Account.number),
        Service: (Service.account_id, Service.id, NOBODY, Service.name),
        PurchasedOffer: (
            PurchasedOffer.account_id,
            PurchasedOffer.service_id,
            PurchasedOffer.id,
            PurchasedOffer.name,
        ),
    }[table]
    begins: Any = table.created_at
    if not_before is not None:
        begins = case((not_before > begins, not_before), else_=begins)
    stood = table.status, table.inactive_holds, table.closed_holds, table.status_changed_at, begins
    return [
        column.label(name)
        for column, name in zip((account, service, offer, label, *stood), BEFORE, strict=True)
    ]


def _with_followed(changed: CTE, payers: CTE) -> CTE:
    """Accounts name the event of the payer that they followed; a target follows nobody."""
    event, since = (
        func.min(changed.c.event_id).label("event_id"),
        func.min(payers.c.since).label("since"),
    )
    moved = changed.c.from_status != changed.c.to_status
    found = select(payers.c.payee_id, event, since).join(
        changed, changed.c.account_id == payers.c.payer_id
    )
    first = found.where(moved).group_by(payers.c.payee_id).cte("followed")
    columns = [column for column in changed.c if column.name not in ("followed_id", "not_before")]
    # A hold that follows from a payer never begins before that one paid (rules 2.11).
    later = and_(~changed.c.is_target, first.c.since > changed.c.not_before)
    not_before = case((later, first.c.since), else_=changed.c.not_before).label("not_before")
    followed = case((changed.c.is_target, NOBODY), else_=first.c.event_id).label("followed_id")
    joined = select(*columns, not_before, followed).outerjoin(
        first, first.c.payee_id == changed.c.account_id
    )
    return joined.cte("changed_account_followed")
