"""Exact money: integer millionths in the database, `Decimal` in Python, text in the API."""

import sqlite3
from decimal import ROUND_HALF_UP, Decimal

from sqlalchemy import BigInteger, ColumnElement, Dialect
from sqlalchemy.engine import ExceptionContext
from sqlalchemy.exc import DontWrapMixin
from sqlalchemy.types import TypeDecorator

from tenure.kernel.currencies import minor_units
from tenure.kernel.errors import ErrorCode, TenureError

MILLION = 1_000_000
LARGEST = Decimal(1000000000000)


def rounded(amount: Decimal, currency: str) -> Decimal:
    """`amount` rounded half up to the currency's minor unit."""
    return amount.quantize(Decimal(1).scaleb(-minor_units(currency)), ROUND_HALF_UP)


def rounded_in_sql(millionths: ColumnElement[int], currency: str) -> ColumnElement[int]:
    """`rounded` in SQL, for amounts of zero or more in millionths."""
    minor = MILLION // 10 ** minor_units(currency)
    amount: ColumnElement[int] = (millionths + minor // 2) // minor * minor
    return amount


def money_text(amount: Decimal, currency: str) -> str:
    """25.00 USD."""
    return f"{rounded(amount, currency)} {currency}"


def decimal_text(value: Decimal) -> str:
    """The decimal without an exponent and without trailing zeros."""
    text = format(value, "f")
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return "0" if text in ("", "-0") else text


def checked(amount: Decimal, *, path: tuple[str, ...], least: Decimal | None = None) -> Decimal:
    """`amount` itself. Raises INVALID (not a number, over six decimals) or OUT_OF_RANGE."""
    if amount.is_finite() and abs(amount) > LARGEST:
        raise TenureError(ErrorCode.OUT_OF_RANGE, f"Provide a number of at most {LARGEST:,}.", path)
    if not amount.is_finite() or amount != amount.quantize(Decimal("0.000001")):
        raise TenureError(ErrorCode.INVALID, "Provide a number with at most six decimals.", path)
    if least is not None and amount < least:
        raise TenureError(ErrorCode.OUT_OF_RANGE, f"Provide a number of at least {least}.", path)
    return amount


class TooLargeError(TenureError, DontWrapMixin):
    """OUT_OF_RANGE for a sum that the database cannot store exactly (rules 6.9).

    SQLAlchemy does not wrap it.
    """

    def __init__(self) -> None:
        message = "A sum of money would become too large to be kept exactly. Nothing was changed."
        super().__init__(ErrorCode.OUT_OF_RANGE, message)


def too_large(context: ExceptionContext) -> BaseException | None:
    """TooLargeError for a numeric overflow of either database; a handler of `handle_error`.

    PostgreSQL has a SQLSTATE for it. SQLite reports it for sum(), and the triggers of migration
    0011 report it for columns.
    """
    return TooLargeError() if is_overflow(context.original_exception) else None


def is_overflow(fault: BaseException) -> bool:
    """True if the database refused a sum that it cannot store exactly."""
    text = str(fault)
    if getattr(fault, "sqlstate", None) == "22003" or "ck_bill_unit_balance" in text:
        return True
    return isinstance(fault, sqlite3.Error) and (
        "integer overflow" in text or "amount out of range" in text
    )


def millionths(value: Decimal | int) -> int:
    """The amount as it is stored. Raises ValueError (over six decimals) or TooLargeError."""
    numerator, denominator = value.as_integer_ratio()
    whole, rest = divmod(numerator * MILLION, denominator)
    if rest:
        raise ValueError(f"{value} has more than six decimals: round it first.")
    if not -(2**63) <= whole < 2**63:
        raise TooLargeError
    return whole


class Millionths(TypeDecorator[Decimal]):
    """A decimal with up to six places, stored as an integer, so that sums are exact."""

    impl = BigInteger
    cache_ok = True

    def process_bind_param(self, value: Decimal | None, dialect: Dialect) -> int | None:
        """Decimal to millionths."""
        return None if value is None else millionths(value)

    def process_result_value(self, value: int | None, dialect: Dialect) -> Decimal | None:
        """Millionths to Decimal."""
        return None if value is None else Decimal(value) / MILLION
