"""The holds that explain the statuses of a line, no more than it takes (rules 2.1 to 2.4).

A service that is as its account is follows from the account, as if somebody had changed the account alone.
"""

from dataclasses import dataclass

from tenure.holds.models import Cause, Status, status_of
from tenure.importing.lines import AccountLine, ServicePart


@dataclass(frozen=True, slots=True)
class ImportedHolds:
    """The two masks of an entity."""

    inactive: int = 0
    closed: int = 0

    @property
    def status(self) -> Status:
        """What follows from them."""
        return status_of(self.inactive, self.closed)


def of_account(line: AccountLine) -> ImportedHolds:
    """By hand: what made it so is not told."""
    return _effect(line.status, Cause.MANUAL)


def of_service(line: AccountLine, service: ServicePart, *, allow_active: bool) -> ImportedHolds:
    """ACCOUNT while the account is not active, and by hand where that does not explain the service's own status."""
    follows = line.status is Status.CLOSED or (line.status is Status.INACTIVE and not allow_active)
    account = _effect(line.status, Cause.ACCOUNT) if follows else ImportedHolds()
    order = list(Status)
    own = (
        _effect(service.status, Cause.MANUAL)
        if order.index(service.status) > order.index(account.status)
        else ImportedHolds()
    )
    return ImportedHolds(account.inactive | own.inactive, account.closed | own.closed)


def of_offer(line: AccountLine, service: ImportedHolds | None) -> ImportedHolds:
    """ACCOUNT as the service carries it, and SERVICE by the service's status; without a service ACCOUNT alone."""
    if service is None:
        return _effect(line.status, Cause.ACCOUNT)
    own = _effect(service.status, Cause.SERVICE)
    return ImportedHolds(
        service.inactive & Cause.ACCOUNT | own.inactive, service.closed & Cause.ACCOUNT | own.closed
    )


def _effect(status: Status, cause: Cause) -> ImportedHolds:
    return ImportedHolds(
        inactive=int(cause) if status is Status.INACTIVE else 0,
        closed=int(cause) if status is Status.CLOSED else 0,
    )
