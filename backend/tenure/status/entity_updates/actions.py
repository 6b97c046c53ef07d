"""The statements that set changed accounts, services and offers to what their events say.

Each takes the events of the change for entities of its kind (`cascades.queries.status_events`).
"""

from typing import Any

from sqlalchemy import (
    BigInteger,
    Executable,
    FromClause,
    Text,
    and_,
    bindparam,
    case,
    cast,
    func,
    null,
    or_,
    update,
)

from tenure.accounts.models import Account
from tenure.assets.models import PurchasedOffer, Service
from tenure.holds.models import Cause, Status
from tenure.status.rows.queries import CHANGE

LOGIN_MARK = bindparam("param_login_mark", type_=Text)


def update_accounts(events: FromClause) -> Executable:
    """Sets holds, version and dates of the changed accounts."""
    values = _held_values(Account, events)
    return update(Account).where(Account.id == events.c.account_id).values(values)


def update_services(events: FromClause, *, rewrites_logins: bool) -> Executable:
    """Sets holds of the changed services, and their logins (rules 3.2, 3.3).

    Reopening restores the former login. With `rewrites_logins` (a prefix is configured) closing
    replaces the login and keeps it as the former one.
    """
    reopened = and_(
        events.c.from_status == Status.CLOSED,
        events.c.to_status != Status.CLOSED,
        Service.former_login.is_not(None),
    )
    login: list[Any] = [(reopened, Service.former_login)]
    key: list[Any] = [(reopened, Service.former_login_key)]
    former: list[Any] = [(reopened, null())]
    former_key: list[Any] = [(reopened, null())]
    if rewrites_logins:
        closed = and_(
            events.c.from_status != Status.CLOSED,
            events.c.to_status == Status.CLOSED,
            Service.login.is_not(None),
        )
        mark = LOGIN_MARK.concat(func.cast(Service.id, Service.login.type)).concat("#")
        login.append((closed, mark.concat(Service.login)))
        key.append((closed, func.lower(mark).concat(Service.login_key)))
        former.append((closed, Service.login))
        former_key.append((closed, Service.login_key))
    values = {
        "login": case(*login, else_=Service.login),
        "login_key": case(*key, else_=Service.login_key),
        "former_login": case(*former, else_=Service.former_login),
        "former_login_key": case(*former_key, else_=Service.former_login_key),
    }
    statement = update(Service).where(Service.id == events.c.service_id)
    return statement.values(_held_values(Service, events) | values)


def update_offers(events: FromClause, *, restarts: bool) -> Executable:
    """Sets holds of the changed offers, and with `restarts` their start times (rules 2.13).

    A reactivated offer starts at the reactivation, unless its purchase start is still ahead.
    """
    values = _held_values(PurchasedOffer, events)
    if restarts:
        at = events.c.occurred_at
        reactivated = and_(
            events.c.from_status == Status.INACTIVE,
            events.c.to_status == Status.ACTIVE,
            PurchasedOffer.purchase_start <= at,
        )
        for name in ("purchase_start", "usage_start", "cycle_start"):
            values[name] = case((reactivated, at), else_=getattr(PurchasedOffer, name))
    return update(PurchasedOffer).where(PurchasedOffer.id == events.c.offer_id).values(values)


def _held_values(table: Any, event: FromClause) -> dict[str, Any]:
    """The columns of `Held` that every changed entity takes from its event."""
    at = event.c.occurred_at
    status_differs = event.c.from_status != event.c.to_status
    # An entity that was inactive already, and is now held from an earlier date, is inactive since
    # that date (rules 2.11).
    has_new_hold = or_(
        event.c.inactive_holds.op("|")(table.inactive_holds) != table.inactive_holds,
        event.c.closed_holds.op("|")(table.closed_holds) != table.closed_holds,
    )
    is_earlier = and_(has_new_hold, at < table.status_changed_at)
    manual = int(Cause.MANUAL)
    has_manual = event.c.inactive_holds.op("&")(manual) != 0
    had_manual = table.inactive_holds.op("&")(manual) != 0
    manual_hold_change_id = case(
        (~has_manual, null()),
        (had_manual, table.manual_hold_change_id),
        else_=cast(CHANGE, BigInteger),
    )
    return {
        "inactive_holds": event.c.inactive_holds,
        "closed_holds": event.c.closed_holds,
        "status_changed_at": case(
            (or_(status_differs, is_earlier), at), else_=table.status_changed_at
        ),
        "closed_at": case(
            (event.c.to_status != Status.CLOSED, null()),
            (status_differs, at),
            else_=table.closed_at,
        ),
        "version": table.version + 1,
        "manual_hold_change_id": manual_hold_change_id,
    }
