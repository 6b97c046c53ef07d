"""Checks of account fields, billing days, and search terms."""

import calendar
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache

from tenure.accounts.models import Account, Rank
from tenure.holds.models import Status
from tenure.holds.rules import Holds
from tenure.kernel.currencies import MINOR_UNITS
from tenure.kernel.email_addresses import check_email_address
from tenure.kernel.errors import ErrorCode, TenureError
from tenure.kernel.money import checked
from tenure.kernel.text import optional_text, required_text, search_key

PHONE = re.compile(r"[+()/.\- 0-9x]*\d[+()/.\- 0-9x]*")
LONGEST_TERM = 255
LONGEST_NUMBER = 64


@dataclass(frozen=True, slots=True)
class ImportedAccount:
    """What an account from another system has from the start; its caller has checked it.

    `details` are those of the event of the import.
    """

    created_at: datetime
    holds: Holds
    next_bill_on: date
    parent_id: int | None
    paying_parent_id: int | None
    details: Mapping[str, object]


@dataclass(frozen=True, slots=True)
class NewAccount:
    """An account to create, with its default bill unit.

    Without a number it gets a generated one, without a billing day that of its creation.
    """

    name: str | None
    number: str | None = None
    email: str | None = None
    phone: str | None = None
    rank: Rank | None = None
    currency: str = "USD"
    billing_day_of_month: int | None = None
    credit_limit: Decimal | None = None
    imported: ImportedAccount | None = None


@dataclass(frozen=True, slots=True)
class CreatedAccount:
    """The ids of a created account and of its default bill unit."""

    id: int
    number: str
    bill_unit_id: int


def checked_account(new: NewAccount) -> NewAccount:
    """The account with normalized values. Raises REQUIRED, INVALID or OUT_OF_RANGE."""
    return replace(
        new,
        name=required_text(new.name, path="name"),
        number=new.number
        if new.number is None
        else required_text(new.number, path="number", longest=LONGEST_NUMBER),
        email=checked_email(new.email),
        phone=checked_phone(new.phone),
        currency=checked_currency(new.currency),
        billing_day_of_month=checked_billing_day(new.billing_day_of_month),
        credit_limit=checked_credit_limit(new.credit_limit),
    )


def number_taken(number: str) -> TenureError:
    """The error where another account has the number."""
    return TenureError(ErrorCode.TAKEN, f"Account number {number} is taken.", ("number",))


def check_active(account: Account) -> None:
    """Raises NOT_ALLOWED unless the account is active (rules 6.8)."""
    if account.status is not Status.ACTIVE:
        message = (
            f"Account {account.number} is {account.status}. Only active accounts can be added to."
        )
        raise TenureError(ErrorCode.NOT_ALLOWED, message, ("account_id",))


def checked_email(value: str | None, *, path: str = "email") -> str | None:
    """The address without surrounding spaces. Raises INVALID."""
    email = optional_text(value, path=path)
    if email is not None:
        check_email_address(email, path=path)
    return email


def checked_phone(value: str | None, *, path: str = "phone") -> str | None:
    """The number without surrounding spaces. Raises INVALID."""
    phone = optional_text(value, path=path, longest=64)
    if phone is not None and not PHONE.fullmatch(phone):
        raise TenureError(ErrorCode.INVALID, "This is not a telephone number.", (path,))
    return phone


def checked_currency(value: str, *, path: str = "currency") -> str:
    """Raises INVALID for a code that is not in ISO 4217."""
    if value not in MINOR_UNITS:
        raise TenureError(
            ErrorCode.INVALID, "Give a currency by its three capital letters (ISO 4217).", (path,)
        )
    return value


def checked_billing_day(value: int | None, *, path: str = "billing_day_of_month") -> int | None:
    """Raises OUT_OF_RANGE unless 1 to 31."""
    if value is not None and not 1 <= value <= 31:
        raise TenureError(ErrorCode.OUT_OF_RANGE, "The billing day must be from 1 to 31.", (path,))
    return value


def checked_credit_limit(limit: Decimal | None) -> Decimal | None:
    """Raises INVALID for more than six decimals, OUT_OF_RANGE below zero."""
    return None if limit is None else checked(limit, path=("credit_limit",), least=Decimal(0))


def next_bill_on(today: date, billing_day_of_month: int) -> date:
    """The first billing day after `today`; the last day of a month that is too short."""
    this_month = _billing_day_in(today.year, today.month, billing_day_of_month)
    if this_month > today:
        return this_month
    year, month = divmod(today.year * 12 + today.month, 12)
    return _billing_day_in(year, month + 1, billing_day_of_month)


def previous_bill_on(today: date, billing_day_of_month: int) -> date:
    """The last billing day before `today`: the start of a cycle that ends today."""
    this_month = _billing_day_in(today.year, today.month, billing_day_of_month)
    if this_month < today:
        return this_month
    year, month = divmod(today.year * 12 + today.month - 2, 12)
    return _billing_day_in(year, month + 1, billing_day_of_month)


def search_terms(*, number: str, name: str, email: str | None, phone: str | None) -> set[str]:
    """The casefolded terms by whose prefixes the account is found."""
    terms = [number, name, *name.split(), email, phone]
    digits = re.sub(r"\D", "", phone or "")
    return {search_key(word)[:LONGEST_TERM] for word in (*terms, digits) if word}


@lru_cache(maxsize=1024)
def _billing_day_in(year: int, month: int, day: int) -> date:
    return date(year, month, min(day, calendar.monthrange(year, month)[1]))
