"""May this entity get that status by hand? The rules of 2.2, 2.5, 2.9 and 2.12, one entity at a time."""

from dataclasses import dataclass

from tenure.holds.models import LIFTED_MANUALLY, Cause, Status, holds_of
from tenure.kernel.errors import ErrorCode, TenureError

WHY = {
    Cause.MANUAL: "somebody asked for it",
    Cause.DEBT: "a payment failed or is overdue",
    Cause.PARENT: "an account that pays for it is not active",
    Cause.ACCOUNT: "its account is not active",
    Cause.SERVICE: "its service is not active",
}


@dataclass(frozen=True, slots=True)
class HeldEntity:
    """What has to be known of an entity to judge a change of its status.

    `label` names it in a sentence. `account_number` and `account_status` are those of the owning account; of an
    account, its own.
    `manual_hold_change_id` is the change that set the inactivating MANUAL hold; 0 where none is recorded.
    `held_from_above` is false for an account whose PARENT hold would go with its own holds.
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
    manual_hold_change_id: int = 0

    @property
    def status(self) -> Status:
        """The status that follows from the holds (rules 2.1)."""
        return Status.CLOSED if self.closed else Status.INACTIVE if self.inactive else Status.ACTIVE


def lifted_by_activation(*, is_service: bool, allow_active: bool) -> Cause:
    """The inactivating holds that setting ACTIVE by hand lifts (rules 2.2 and 2.12)."""
    return LIFTED_MANUALLY | Cause.ACCOUNT if is_service and allow_active else LIFTED_MANUALLY


def check_may_become(held_entity: HeldEntity, to: Status, *, allow_active: bool) -> None:
    """Raises NOT_ALLOWED, in a sentence that says why, where the status cannot be set by hand."""
    if to is Status.INACTIVE and held_entity.closed:
        raise _not_allowed(
            f"{held_entity.label} is CLOSED and cannot be made INACTIVE: reopen it first."
        )
    if to is not Status.ACTIVE or held_entity.status is Status.ACTIVE:
        return
    if held_entity.is_offer and held_entity.closed:
        raise _not_allowed(f"{held_entity.label} was closed for good: the customer buys it again.")
    if held_entity.is_service and not _account_lets_it(held_entity.account_status, allow_active):
        raise _not_allowed(
            f"{held_entity.label} cannot become ACTIVE: its account is {held_entity.account_status}."
        )
    stays = _what_stays(held_entity, allow_active)
    if stays:
        why = "; ".join(f"{cause.name}: {WHY[cause]}" for cause in stays)
        raise _not_allowed(f"{held_entity.label} cannot become ACTIVE, it is still held ({why}).")


def check_may_be_scheduled(held_entity: HeldEntity, to: Status) -> None:
    """Raises CLOSED_IS_FINAL for a reactivation of what is closed (rules 2.9), NOT_ALLOWED for an inactivation."""
    if held_entity.status is Status.CLOSED and to is Status.ACTIVE:
        words = f"{held_entity.label} is CLOSED: a reactivation cannot be scheduled for it."
        raise TenureError(ErrorCode.CLOSED_IS_FINAL, words, ("status",))
    if held_entity.status is Status.CLOSED and to is Status.INACTIVE:
        raise _not_allowed(
            f"{held_entity.label} is CLOSED and cannot be made INACTIVE: reopen it first."
        )


def check_not_closed(held_entity: HeldEntity, to: Status) -> None:
    """Raises CLOSED_IS_FINAL where a promise would touch what was closed in between, unless to close it (rules 4.8)."""
    if held_entity.status is Status.CLOSED and to is not Status.CLOSED:
        raise TenureError(
            ErrorCode.CLOSED_IS_FINAL, f"{held_entity.label} had been closed by then.", ("status",)
        )


def why_no_return(held_entity: HeldEntity, hold_change_id: int | None) -> str | None:
    """The sentence where the MANUAL hold is not the one that a return belongs to, else None (rules 4.11)."""
    label = held_entity.label
    if hold_change_id is None:
        return f"The inactivation that this reactivation ends did not inactivate {label}."
    if not held_entity.inactive & Cause.MANUAL:
        return f"{label} has been reactivated since: there is no inactivation left to end."
    if held_entity.manual_hold_change_id != hold_change_id:
        return f"{label} has been inactivated anew since: that inactivation stays."
    return None


def remaining_holds(held_entity: HeldEntity) -> str | None:
    """The sentence for what still holds an entity when its inactivating MANUAL hold is lifted."""
    gone = Cause(0) if held_entity.held_from_above else Cause.PARENT
    stays = sorted(
        {cause for _, cause in holds_of(held_entity.inactive & ~(Cause.MANUAL | gone), 0)}
    )
    if not stays:
        return None
    why = "; ".join(f"{cause.name}: {WHY[cause]}" for cause in stays)
    return f"{held_entity.label} stays INACTIVE, it is still held ({why})."


def _account_lets_it(account: Status, allow_active: bool) -> bool:
    return account is Status.ACTIVE or (allow_active and account is Status.INACTIVE)


def _what_stays(held_entity: HeldEntity, allow_active: bool) -> list[Cause]:
    """The causes that hold it when those that are lifted by hand are gone."""
    lifted = lifted_by_activation(is_service=held_entity.is_service, allow_active=allow_active)
    gone = Cause(0) if held_entity.held_from_above else Cause.PARENT
    left = holds_of(held_entity.inactive & ~(lifted | gone), held_entity.closed & ~(LIFTED_MANUALLY | gone))
    return sorted({cause for _, cause in left})


def _not_allowed(words: str) -> TenureError:
    return TenureError(ErrorCode.NOT_ALLOWED, words, ("status",))
