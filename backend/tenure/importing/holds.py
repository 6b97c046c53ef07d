"""The fewest holds that give the statuses of a line (rules 2.1 to 2.4).

A service with the status of its account gets the hold of the account alone.
"""

from tenure.holds.models import Cause, Status
from tenure.holds.rules import NO_HOLDS, Holds
from tenure.importing.lines import AccountLine, ServicePart


def account_holds(line: AccountLine) -> Holds:
    """A MANUAL hold: the import format has no other cause."""
    return _holds_for(line.status, Cause.MANUAL)


def service_holds(line: AccountLine, service: ServicePart, *, allow_active: bool) -> Holds:
    """ACCOUNT while the account is not active, and MANUAL where the service's own status needs
    it.
    """
    follows = line.status is Status.CLOSED or (line.status is Status.INACTIVE and not allow_active)
    account = _holds_for(line.status, Cause.ACCOUNT) if follows else NO_HOLDS
    order = list(Status)
    own = (
        _holds_for(service.status, Cause.MANUAL)
        if order.index(service.status) > order.index(account.status)
        else NO_HOLDS
    )
    return Holds(account.inactive | own.inactive, account.closed | own.closed)


def offer_holds(line: AccountLine, service: Holds | None) -> Holds:
    """ACCOUNT as on the service, and SERVICE by the service's status; without a service ACCOUNT
    alone.
    """
    if service is None:
        return _holds_for(line.status, Cause.ACCOUNT)
    own = _holds_for(service.status, Cause.SERVICE)
    return Holds(
        service.inactive & Cause.ACCOUNT | own.inactive, service.closed & Cause.ACCOUNT | own.closed
    )


def _holds_for(status: Status, cause: Cause) -> Holds:
    return Holds(
        inactive=int(cause) if status is Status.INACTIVE else 0,
        closed=int(cause) if status is Status.CLOSED else 0,
    )
