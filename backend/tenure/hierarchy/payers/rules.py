"""Whether one bill unit may pay for another (rules 5.2)."""

from tenure.accounts.models import BillUnit
from tenure.holds.models import Status
from tenure.kernel.errors import ErrorCode, TenureError


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
        raise TenureError(ErrorCode.NOT_ALLOWED, "The paying account is CLOSED.", (path,))
