"""What may be kept of a payment method: never a card number, and of a card nothing that has expired (rules 7.1)."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from tenure.kernel.errors import ErrorCode, TenureError
from tenure.kernel.text import optional_text
from tenure.payments.models import PaymentMethod, PaymentMethodKind

# Long enough to be a card number, however it is grouped; inside of a UUID there is none.
CARD_NUMBER = re.compile(r"(?<![\da-fA-F-])\d(?:[ .-]?\d){11,18}(?![\da-fA-F-])")
LAST_FOUR = re.compile(r"[0-9]{4}")
LAST_YEAR = 2200
NAMES = {
    PaymentMethodKind.CREDIT_CARD: "Card",
    PaymentMethodKind.DIRECT_DEBIT: "Direct debit",
    PaymentMethodKind.INVOICE: "Invoice",
}


@dataclass(frozen=True, slots=True)
class Expiration:
    """Until the end of this month a card is valid."""

    month: int
    year: int

    def __str__(self) -> str:
        return f"{self.month:02}/{self.year}"


def check_no_card_number(value: str | None, *, path: str) -> None:
    """Raises INVALID for what looks like a card number: with other text only where its check digit is right, too."""
    for found in CARD_NUMBER.finditer(value or ""):
        if found.group() == (value or "").strip() or _has_check_digit(found.group()):
            words = "Card numbers are never accepted: give the gateway's token."
            raise TenureError(ErrorCode.INVALID, words, (path,))


def checked_token(value: str | None, kind: PaymentMethodKind, *, path: str = "token") -> str | None:
    """The gateway's token. Raises REQUIRED for a card or direct debit without one, INVALID for an invoice with one."""
    check_no_card_number(value, path=path)
    token = optional_text(value, path=path)
    if kind is PaymentMethodKind.INVOICE and token is not None:
        raise TenureError(
            ErrorCode.INVALID, "An invoice is paid by the customer: it has no token.", (path,)
        )
    if kind is not PaymentMethodKind.INVOICE and token is None:
        words = "A card or a direct debit needs the token that the payment gateway gave for it."
        raise TenureError(ErrorCode.REQUIRED, words, (path,))
    return token


def check_has_nothing_of_a_card(parts: Mapping[str, str | int | None]) -> None:
    """Raises INVALID where something is given that only a card has."""
    for name, value in parts.items():
        if value is not None:
            raise TenureError(
                ErrorCode.INVALID, f"Only a credit card has {name.replace('_', ' ')}.", (name,)
            )


def checked_brand(value: str | None, *, path: str = "brand") -> str | None:
    """Visa, Mastercard … Raises INVALID for a card number."""
    check_no_card_number(value, path=path)
    return optional_text(value, path=path, longest=32)


def checked_last_four(value: str | None, *, path: str = "last_four") -> str:
    """Raises REQUIRED, and INVALID for anything but four digits."""
    check_no_card_number(value, path=path)
    if value is None:
        raise TenureError(ErrorCode.REQUIRED, "A card needs its last four digits.", (path,))
    if not LAST_FOUR.fullmatch(value):
        raise TenureError(
            ErrorCode.INVALID, "Give the last four digits of the card, and nothing else.", (path,)
        )
    return value


def checked_expiration(month: int | None, year: int | None, today: date) -> Expiration:
    """Raises REQUIRED, and OUT_OF_RANGE for no month of a year or for a card that has expired."""
    for name, value in (("expiration_month", month), ("expiration_year", year)):
        if value is None:
            raise TenureError(
                ErrorCode.REQUIRED,
                "A card needs the month and the year of its expiration.",
                (name,),
            )
    if not 1 <= (month or 0) <= 12:
        raise TenureError(
            ErrorCode.OUT_OF_RANGE,
            "The month of the expiration goes from 1 to 12.",
            ("expiration_month",),
        )
    if not 2000 <= (year or 0) <= LAST_YEAR:
        words = "Give the year of the expiration with four digits."
        raise TenureError(ErrorCode.OUT_OF_RANGE, words, ("expiration_year",))
    expiration = Expiration(month or 0, year or 0)
    if (expiration.year, expiration.month) < (today.year, today.month):
        words = (
            f"The card expired at the end of {expiration}: ask the customer for one that is valid."
        )
        raise TenureError(ErrorCode.OUT_OF_RANGE, words, ("expiration_year",))
    return expiration


def label(method: PaymentMethod) -> str:
    """For a person: Visa ···· 4242."""
    if method.kind is PaymentMethodKind.CREDIT_CARD:
        return f"{method.brand or NAMES[method.kind]} ···· {method.last_four or '????'}"
    return NAMES[method.kind]


def _has_check_digit(number: str) -> bool:
    """Luhn's, which every card number has and one in ten other numbers."""
    digits = [int(digit) for digit in reversed(number) if digit.isdecimal()]
    doubled = (sum(divmod(2 * digit, 10)) for digit in digits[1::2])
    return (sum(digits[::2]) + sum(doubled)) % 10 == 0
