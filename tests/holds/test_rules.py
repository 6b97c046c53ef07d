"""Rules 2.1 and 2.2 without a database: the status of holds, and which may be set manually."""

import pytest

from tenure.holds.models import Cause, Status, holds_of, status_of
from tenure.holds.rules import HeldEntity, check_may_become
from tenure.kernel.errors import ErrorCode, TenureError

NONE = Cause(0)


@pytest.mark.parametrize(
    ("inactive", "closed", "status"),
    [
        (0, 0, Status.ACTIVE),
        *[(cause, 0, Status.INACTIVE) for cause in Cause],
        *[(0, cause, Status.CLOSED) for cause in Cause],
        (Cause.MANUAL, Cause.PARENT, Status.CLOSED),
    ],
)
def test_status_follows_from_holds(inactive: int, closed: int, status: Status) -> None:
    """Rules 2.1: CLOSED with a closing hold, else INACTIVE with any hold, else ACTIVE."""
    assert status_of(inactive, closed) is status


def test_one_hold_of_each_effect_and_cause() -> None:
    """Rules 2.1: adding a hold that is there already adds none."""
    twice = Cause.MANUAL | Cause.MANUAL | Cause.DEBT
    assert list(holds_of(twice, Cause.MANUAL)) == [
        (Status.CLOSED, Cause.MANUAL),
        (Status.INACTIVE, Cause.MANUAL),
        (Status.INACTIVE, Cause.DEBT),
    ]


def service(
    inactive: Cause, closed: Cause = NONE, *, account: Status = Status.ACTIVE
) -> HeldEntity:
    """A service that is held like this."""
    return HeldEntity(1, "Service Internet", inactive, closed, account, is_service=True)


@pytest.mark.parametrize("cause", [Cause.PARENT, Cause.ACCOUNT, Cause.SERVICE])
def test_other_causes_are_named_in_the_refusal(cause: Cause) -> None:
    """Rules 2.2: not by hand while other causes hold it; the message says what does."""
    held = HeldEntity(1, "Account A-1", Cause.MANUAL | cause, NONE, Status.INACTIVE)
    with pytest.raises(TenureError) as refusal:
        check_may_become(held, Status.ACTIVE, allow_active=False)
    assert (refusal.value.code, refusal.value.path) == (ErrorCode.NOT_ALLOWED, ("status",))
    assert cause.name in refusal.value.message
    assert "MANUAL" not in refusal.value.message


@pytest.mark.parametrize(
    ("inactive", "closed"), [(Cause.MANUAL | Cause.DEBT, NONE), (Cause.DEBT, Cause.MANUAL)]
)
def test_holds_by_hand_and_debt_do_not_refuse(inactive: Cause, closed: Cause) -> None:
    """Rules 2.2: ACTIVE lifts MANUAL and DEBT of both effects."""
    check_may_become(service(inactive, closed), Status.ACTIVE, allow_active=False)


def test_closed_does_not_become_inactive() -> None:
    """Rules 2.2: reopen first."""
    with pytest.raises(TenureError) as refusal:
        check_may_become(service(NONE, Cause.MANUAL), Status.INACTIVE, allow_active=False)
    assert refusal.value.code is ErrorCode.NOT_ALLOWED


@pytest.mark.parametrize(
    ("account", "allow_active", "may"),
    [
        (Status.INACTIVE, False, False),
        (Status.INACTIVE, True, True),
        (Status.CLOSED, False, False),
        (Status.CLOSED, True, False),
    ],
)
def test_service_under_an_account_that_is_not_active(
    account: Status, allow_active: bool, may: bool
) -> None:
    """Rules 2.12: the setting permits an active service under an inactive, not a closed account."""
    held = service(Cause.ACCOUNT, account=account)
    if may:
        check_may_become(held, Status.ACTIVE, allow_active=allow_active)
        return
    with pytest.raises(TenureError) as refusal:
        check_may_become(held, Status.ACTIVE, allow_active=allow_active)
    assert refusal.value.code is ErrorCode.NOT_ALLOWED
