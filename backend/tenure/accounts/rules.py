"""Checks of account fields, billing days, and search terms."""

import calendar
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache, partial
from typing import TypedDict

from tenure.accounts.models import Account, Rank
from tenure.holds.models import Status
from tenure.holds.rules import Holds
from tenure.kernel.currencies import MINOR_UNITS
from tenure.kernel.email_addresses import check_email_address
from tenure.kernel.errors import ErrorCode, TenureError
from tenure.kernel.money import checked
from tenure.kernel.search_text import last_four_of_card, readings
from tenure.kernel.text import optional_text, required_text, search_key

PHONE = re.compile(r"[+()/.\- 0-9x]*\d[+()/.\- 0-9x]*")
LONGEST_TERM = 255
LONGEST_NUMBER = 64

# Terms that are no beginning of a text begin with one of these characters, which no text contains:
# the digits of a telephone number in reverse, and the last four digits of a card.
ENDING = "\x01"
CARD = "\x02"
SHORTEST_ENDING = 4
SHORTEST_PART = 2
SHORTEST_DIGITS = 3
NUMERIC = re.compile(r"[+()/.\-\s0-9]+")
WORD = re.compile(rf"\w{{{SHORTEST_PART},}}")
# The country codes of ITU-T E.164: no code begins with another one.
COUNTRY_CODE = re.compile(
    r"^(?:[17]|2[07]|3[0-469]|4[013-9]|5[1-8]|6[0-6]|8[1246]|9[0-58]|[2-9]\d\d)"
)


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


class AccountChanges(TypedDict, total=False):
    """The fields of an account that can be changed; omitted ones stay."""

    name: str | None
    email: str | None
    phone: str | None
    rank: Rank | None
    credit_limit: Decimal | None


CHANGEABLE = tuple(AccountChanges.__annotations__)


def checked_account(new: NewAccount) -> NewAccount:
    """The account with normalized values. Raises REQUIRED, INVALID or OUT_OF_RANGE."""
    changeable: AccountChanges = {  # type: ignore[assignment]
        name: getattr(new, name) for name in CHANGEABLE
    }
    return replace(
        new,
        **checked_changes(changeable),
        number=new.number
        if new.number is None
        else required_text(new.number, path="number", longest=LONGEST_NUMBER),
        currency=checked_currency(new.currency),
        billing_day_of_month=checked_billing_day(new.billing_day_of_month),
    )


def checked_changes(changes: AccountChanges) -> AccountChanges:
    """The changes with normalized values. Raises REQUIRED, INVALID or OUT_OF_RANGE."""
    checks: Mapping[str, Callable[..., object]] = {
        "name": partial(required_text, path="name"),
        "email": checked_email,
        "phone": checked_phone,
        "rank": lambda value: value,
        "credit_limit": checked_credit_limit,
    }
    return {  # type: ignore[return-value]
        name: checks[name](value) for name, value in changes.items()
    }


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
    """The terms of an account by whose beginnings it is found."""
    terms = {term[:LONGEST_TERM] for term in _terms_of_text(number)}
    return terms | person_terms(name=name, email=email, phone=phone)


def person_terms(*, name: str, email: str | None, phone: str | None) -> set[str]:
    """The terms of a customer or contact."""
    terms = {*_terms_of_text(name), *phone_terms(phone)}
    if email:
        key = search_key(email)
        terms |= {key, key.rpartition("@")[2], *_from_each_part(key, key.rfind("@"))}
    return {term[:LONGEST_TERM] for term in terms if term}


def login_terms(login: str) -> set[str]:
    """The terms of a login: of a telephone number those, of another login its words."""
    terms = {*_terms_of_text(login)}
    if NUMERIC.fullmatch(login):
        terms |= phone_terms(login)
    return {term[:LONGEST_TERM] for term in terms if term}


def phone_terms(phone: str | None) -> set[str]:
    """The number as entered, its digits, those without the country code, and those in reverse."""
    if not phone:
        return set()
    number, _, _ = phone.casefold().partition("x")
    digits = _digits(number)
    terms = {search_key(phone), re.sub(r"\D", "", phone)}
    if _is_international(number):
        digits = digits.lstrip("0")
        terms |= {digits, COUNTRY_CODE.sub("", digits)}
    if len(digits) >= SHORTEST_ENDING:
        terms.add(ENDING + digits[::-1])
    return terms - {""}


def _digits(number: str) -> str:
    """Without a zero in parentheses after the country code, as in +49 (0)30: only calls within the
    country begin with it.
    """
    return re.sub(r"\D", "", number.replace("(0)", "") if _is_international(number) else number)


def _is_international(number: str) -> bool:
    return number.lstrip().startswith(("+", "00"))


def card_term(last_four: str) -> str:
    """The term of a card, which is found by its last four digits only."""
    return CARD + last_four


def search_prefixes(text: str) -> list[str]:
    """The beginnings of terms that a text stands for, its own first.

    Those of a number are also its digits, those without leading zeros (the national form of a
    telephone number, or the international one with 00), its digits as an ending, and a card.
    """
    read = readings(text)
    prefixes = [search_key(it) for it in read]
    for it in read:
        prefixes += _prefixes_of_number(it)
        if last_four := last_four_of_card(it):
            prefixes.append(card_term(last_four))
    return list(dict.fromkeys(prefixes))


def _prefixes_of_number(text: str) -> list[str]:
    digits = _digits(text)
    if not NUMERIC.fullmatch(text) or len(digits) < SHORTEST_DIGITS:
        return []
    national = digits.lstrip("0")
    prefixes = [it for it in (digits, national) if len(it) >= SHORTEST_DIGITS]
    prefixes += [ENDING + it[::-1] for it in (digits, national) if len(it) >= SHORTEST_ENDING]
    return [*prefixes, card_term(digits)] if len(digits) == SHORTEST_ENDING else prefixes


def _terms_of_text(text: str) -> set[str]:
    """The text, its words, and each word from any of its parts between punctuation on."""
    words = [search_key(word) for word in text.split()]
    parts = (part for word in words for part in _from_each_part(word, len(word)))
    return {search_key(text), *words, *parts}


def _from_each_part(word: str, end: int) -> list[str]:
    """The word from each of its parts on that begins before `end`."""
    return [word[part.start() :] for part in WORD.finditer(word, 0, max(end, 0))]


@lru_cache(maxsize=1024)
def _billing_day_in(year: int, month: int, day: int) -> date:
    return date(year, month, min(day, calendar.monthrange(year, month)[1]))
