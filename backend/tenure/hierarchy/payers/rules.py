"""Whether one bill unit may pay for another (rules 5.2), and what a new payer changes."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from tenure.accounts.models import BillUnit
from tenure.holds.models import Status
from tenure.kernel.errors import ErrorCode, TenureError


@dataclass(frozen=True, slots=True)
class PaidBillUnit:
    """A bill unit, its account, and the account that pays for it."""

    id: int
    account_id: int
    payer_account_id: int
    currency: str


@dataclass(frozen=True, slots=True)
class PayerChange:
    """A bill unit that is paid by another bill unit now, and what moved with it.

    The payers are accounts. `moved` is the amount of the charges that are not billed yet, in
    `currency`; it is on the next bill of the new payer.
    """

    bill_unit_id: int
    former_payer_id: int
    payer_id: int
    moved: Decimal
    currency: str


@dataclass(frozen=True, slots=True)
class Reassignment:
    """The bill units with a new payer, and the status change that followed (rules 2.7)."""

    payer_changes: Sequence[PayerChange]
    change_id: int


@dataclass(frozen=True, slots=True)
class PayerOutcome:
    """A bill unit after its payer was set; `reassignment` is null if that payer paid before."""

    bill_unit: BillUnit
    reassignment: Reassignment | None = None


def check_may_pay(payer: BillUnit, payer_status: Status, paid: BillUnit, *, path: str) -> None:
    """Raises CYCLE, INVALID (currency) or NOT_ALLOWED (closed). `payer` is itself paying."""
    if payer.id == paid.id:
        raise TenureError(
            ErrorCode.CYCLE, "A bill unit cannot pay for itself through another one.", (path,)
        )
    check_payer(payer.currency, payer_status, paid.currency, path=path)


def check_payer(payer_currency: str, payer_status: Status, currency: str, *, path: str) -> None:
    """Raises INVALID if the currencies differ, NOT_ALLOWED if the paying account is closed."""
    if payer_currency != currency:
        message = (
            f"The payer is billed in {payer_currency}, this bill unit in {currency}. "
            "The currencies must match."
        )
        raise TenureError(ErrorCode.INVALID, message, (path,))
    if payer_status is Status.CLOSED:
        raise TenureError(ErrorCode.NOT_ALLOWED, "The paying account is closed.", (path,))


def payer_changes(
    paid: Iterable[PaidBillUnit], payer_account_id: int | None, moved: Mapping[int, Decimal]
) -> list[PayerChange]:
    """The changes of bill units that this account pays for now; with None each its own account.

    `moved` has the amounts that are not billed yet, by bill unit.
    """
    return [
        PayerChange(
            it.id,
            former_payer_id=it.payer_account_id,
            payer_id=payer_account_id or it.account_id,
            moved=moved.get(it.id, Decimal(0)),
            currency=it.currency,
        )
        for it in paid
    ]
