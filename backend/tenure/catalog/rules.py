"""Valid fees and kinds of service (rules 3.1, 6.3)."""

from decimal import Decimal

from tenure.kernel.errors import ErrorCode, TenureError
from tenure.kernel.money import checked, rounded
from tenure.kernel.text import kind_key, optional_text, required_text

LONGEST_KIND = 64


def checked_kind(value: str | None, *, path: str = "kind") -> str:
    """The kind of service as stored: trimmed and casefolded.

    Raises REQUIRED, INVALID or OUT_OF_RANGE.
    """
    return _as_stored(required_text(value, path=path, longest=LONGEST_KIND), path)


def checked_optional_kind(value: str | None, *, path: str = "service_kind") -> str | None:
    """Like `checked_kind`, or None where it is empty."""
    kind = optional_text(value, path=path, longest=LONGEST_KIND)
    return None if kind is None else _as_stored(kind, path)


def checked_fee(fee: Decimal | None, currency: str, *, path: str) -> Decimal | None:
    """A fee in whole minor units of its currency (rules 6.3).

    Raises INVALID, and OUT_OF_RANGE below zero.
    """
    if fee is not None and checked(fee, path=(path,), least=Decimal(0)) != (
        payable := rounded(fee, currency)
    ):
        message = (
            f"{fee.normalize():f} has too many decimals for {currency}. Use {payable}, for example."
        )
        raise TenureError(ErrorCode.INVALID, message, (path,))
    return fee


def _as_stored(kind: str, path: str) -> str:
    key = kind_key(kind)
    if not key or len(key) > LONGEST_KIND:
        raise TenureError(
            ErrorCode.OUT_OF_RANGE, f"Use at most {LONGEST_KIND} characters.", (path,)
        )
    return key
