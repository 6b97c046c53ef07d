"""Whether one entity may be set to a status manually (rules 2.2, 2.5, 2.9, 2.12)."""

from dataclasses import dataclass
from datetime import datetime

from tenure.holds.models import LIFTED_MANUALLY, Cause, Status, holds_of, status_of
from tenure.kernel.errors import ErrorCode, TenureError

CAUSE_TEXTS = {
    Cause.MANUAL: "it was set manually",
    Cause.DEBT: "a payment failed or is overdue",
    Cause.PARENT: "an account that pays for it is not active",
    Cause.ACCOUNT: "its account is not active",
    Cause.SERVICE: "its service is not active",
}


@dataclass(frozen=True, slots=True)
class Holds:
    """The two hold masks of an entity."""

    inactive: int = 0
    closed: int = 0

    @property
    def status(self) -> Status:
        """The status that the masks result in."""
        return status_of(self.inactive, self.closed)


NO_HOLDS = Holds()


def initial_columns(holds: Holds, created_at: datetime, now: datetime) -> dict[str, object]:
    """The columns of `Held` for a new row: it has existed since `created_at`, its holds begin now.

    An entity that is created active has had this status since its creation.
    """
    return {
        "inactive_holds": holds.inactive,
        "closed_holds": holds.closed,
        "created_at": created_at,
        "status_changed_at": created_at if holds.status is Status.ACTIVE else now,
        "closed_at": now if holds.status is Status.CLOSED else None,
        "version": 1,
    }


@dataclass(frozen=True, slots=True)
class HeldEntity:
    """An entity with its holds, as far as the checks of a status change need it.

    `label` names it in messages. `account_number`, `account_name` and `account_status` are those of
    the owning account, or of the account itself; `name` is that of a service or an offer.
    `manual_hold_change_id` is the change that set the inactivating MANUAL hold; 0 if none is
    recorded. `held_from_above` is false for an account whose PARENT hold ends together with its own
    holds.
    """

    id: int
    label: str
    inactive: Cause
    closed: Cause
    account_status: Status
    is_offer: bool = False
    is_service: bool = False
    held_from_above: bool = True
    account_number: str = ""
    account_name: str = ""
    name: str = ""
    manual_hold_change_id: int = 0

    @property
    def status(self) -> Status:
        """The status that the holds result in (rules 2.1)."""
        return status_of(self.inactive, self.closed)


def lifted_by_activation(*, is_service: bool, allow_active: bool) -> Cause:
    """The inactivating holds that setting ACTIVE manually lifts (rules 2.2, 2.12)."""
    return LIFTED_MANUALLY | Cause.ACCOUNT if is_service and allow_active else LIFTED_MANUALLY


def check_may_become(held_entity: HeldEntity, to: Status, *, allow_active: bool) -> None:
    """Raises NOT_ALLOWED with the reason if the status cannot be set manually."""
    if to is Status.INACTIVE and held_entity.closed:
        raise _not_inactivatable(held_entity)
    if to is not Status.ACTIVE or held_entity.status is Status.ACTIVE:
        return
    if held_entity.is_offer and held_entity.closed:
        raise _not_allowed(f"{held_entity.label} can't be reopened. Purchase the offer again.")
    if held_entity.is_service and not _account_permits(held_entity.account_status, allow_active):
        account = f"its account is {held_entity.account_status.lower()}"
        raise _not_allowed(f"{held_entity.label} can't be reactivated: {account}.")
    remaining = _remaining_causes(held_entity, allow_active)
    if remaining:
        raise _not_allowed(f"{held_entity.label} can't be reactivated: {_listed(remaining)}.")


def check_may_be_scheduled(held_entity: HeldEntity, to: Status) -> None:
    """For a closed entity, raises CLOSED_IS_FINAL (ACTIVE, rules 2.9) or NOT_ALLOWED (INACTIVE)."""
    if held_entity.status is Status.CLOSED and to is Status.ACTIVE:
        message = f"{held_entity.label} is closed. A reactivation can't be scheduled for it."
        raise TenureError(ErrorCode.CLOSED_IS_FINAL, message, ("status",))
    if held_entity.status is Status.CLOSED and to is Status.INACTIVE:
        raise _not_inactivatable(held_entity)


def check_not_closed(held_entity: HeldEntity, to: Status) -> None:
    """Raises CLOSED_IS_FINAL for a closed entity, unless the change is to close it (rules 4.8)."""
    if held_entity.status is Status.CLOSED and to is not Status.CLOSED:
        raise TenureError(
            ErrorCode.CLOSED_IS_FINAL, f"{held_entity.label} had been closed by then.", ("status",)
        )


def inapplicable_return(held_entity: HeldEntity, hold_change_id: int | None) -> str | None:
    """Why a paired reactivation does not apply, or None if it does (rules 4.11).

    It applies if the MANUAL hold is still the one that its inactivation set.
    """
    label = held_entity.label
    if hold_change_id is None:
        return f"The inactivation that this reactivation ends did not inactivate {label}."
    if not held_entity.inactive & Cause.MANUAL:
        return f"{label} has been reactivated since. There is no inactivation left to end."
    if held_entity.manual_hold_change_id != hold_change_id:
        return f"{label} has been inactivated again since. That inactivation stays."
    return None


def remaining_holds(held_entity: HeldEntity) -> str | None:
    """What still holds an entity after its inactivating MANUAL hold is lifted, as a sentence."""
    ending = Cause(0) if held_entity.held_from_above else Cause.PARENT
    remaining = sorted(
        {cause for _, cause in holds_of(held_entity.inactive & ~(Cause.MANUAL | ending), 0)}
    )
    if not remaining:
        return None
    return f"{held_entity.label} stays inactive: {_listed(remaining)}."


def _account_permits(account: Status, allow_active: bool) -> bool:
    return account is Status.ACTIVE or (allow_active and account is Status.INACTIVE)


def _remaining_causes(held_entity: HeldEntity, allow_active: bool) -> list[Cause]:
    """The causes of the holds that remain when the manually lifted ones are gone."""
    lifted = lifted_by_activation(is_service=held_entity.is_service, allow_active=allow_active)
    ending = Cause(0) if held_entity.held_from_above else Cause.PARENT
    inactive = held_entity.inactive & ~(lifted | ending)
    closed = held_entity.closed & ~(LIFTED_MANUALLY | ending)
    return sorted({cause for _, cause in holds_of(inactive, closed)})


def _listed(causes: list[Cause]) -> str:
    return "; ".join(f"{CAUSE_TEXTS[cause]} ({cause.name})" for cause in causes)


def _not_inactivatable(held_entity: HeldEntity) -> TenureError:
    return _not_allowed(f"{held_entity.label} is closed and can't be inactivated. Reopen it first.")


def _not_allowed(message: str) -> TenureError:
    return TenureError(ErrorCode.NOT_ALLOWED, message, ("status",))
