"""What an account may be called and billed on, and by which terms it is found."""

import calendar
import re
from datetime import date
from functools import lru_cache

from tenure.kernel.errors import ErrorCode, TenureError
from tenure.kernel.money import CURRENCIES
from tenure.kernel.text import optional_text, search_key

EMAIL = re.compile(r"[^@\s]+@[^@\s]+")
PHONE = re.compile(r"[+()/.\- 0-9x]*\d[+()/.\- 0-9x]*")
LONGEST_TERM = 255


def checked_email(value: str | None, *, path: str = "email") -> str | None:
    """Raises INVALID where it cannot be an e-mail address."""
    email = optional_text(value, path=path)
    if email is not None and not EMAIL.fullmatch(email):
        raise TenureError(ErrorCode.INVALID, "This is not an e-mail address.", (path,))
    return email


def checked_phone(value: str | None, *, path: str = "phone") -> str | None:
    """Raises INVALID where it cannot be a telephone number."""
    phone = optional_text(value, path=path, longest=64)
    if phone is not None and not PHONE.fullmatch(phone):
        raise TenureError(ErrorCode.INVALID, "This is not a telephone number.", (path,))
    return phone


def checked_currency(value: str, *, path: str = "currency") -> str:
    """Raises INVALID where ISO 4217 knows no such currency."""
    if value not in CURRENCIES:
        raise TenureError(
            ErrorCode.INVALID, "Give a currency by its three capital letters (ISO 4217).", (path,)
        )
    return value


def checked_billing_day(value: int | None, *, path: str = "billing_day_of_month") -> int | None:
    """Raises OUT_OF_RANGE outside of 1 to 31."""
    if value is not None and not 1 <= value <= 31:
        raise TenureError(
            ErrorCode.OUT_OF_RANGE, "The billing day of the month goes from 1 to 31.", (path,)
        )
    return value


def next_bill_on(today: date, billing_day_of_month: int) -> date:
    """The first billing day after `today`; in a shorter month it is the last day."""
    this_month = _billing_day_in(today.year, today.month, billing_day_of_month)
    if this_month > today:
        return this_month
    year, month = divmod(today.year * 12 + today.month, 12)
    return _billing_day_in(year, month + 1, billing_day_of_month)


def previous_bill_on(today: date, billing_day_of_month: int) -> date:
    """The last billing day before `today`: where a cycle that ends today began."""
    this_month = _billing_day_in(today.year, today.month, billing_day_of_month)
    if this_month < today:
        return this_month
    year, month = divmod(today.year * 12 + today.month - 2, 12)
    return _billing_day_in(year, month + 1, billing_day_of_month)


def search_terms(*, number: str, name: str, email: str | None, phone: str | None) -> set[str]:
    """The folded words by whose beginnings the account is found."""
    words = [number, name, *name.split(), email, phone]
    digits = re.sub(r"\D", "", phone or "")
    return {search_key(word)[:LONGEST_TERM] for word in (*words, digits) if word}


@lru_cache(maxsize=1024)
def _billing_day_in(year: int, month: int, day: int) -> date:
    return date(year, month, min(day, calendar.monthrange(year, month)[1]))
