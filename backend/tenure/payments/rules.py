"""Validation of payment methods: no card number is ever stored, and no expired card (rules 7.1)."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date

from tenure.kernel.errors import ErrorCode, TenureError
from tenure.kernel.text import optional_text
from tenure.payments.models import PaymentMethod, PaymentMethodKind

# Long enough to be a card number, in any grouping. A UUID never matches.
CARD_NUMBER = re.compile(r"(?<![\da-fA-F-])\d(?:[ .-]?\d){11,18}(?![\da-fA-F-])")
LAST_FOUR = re.compile(r"[0-9]{4}")
LAST_YEAR = 2200
KIND_NAMES = {
    PaymentMethodKind.CREDIT_CARD: "Card",
    PaymentMethodKind.DIRECT_DEBIT: "Direct debit",
    PaymentMethodKind.INVOICE: "Invoice",
}


@dataclass(frozen=True, slots=True)
class Expiration:
    """The last month in which a card is valid."""

    month: int
    year: int

    def __str__(self) -> str:
        return f"{self.month:02}/{self.year}"

    def is_past(self, today: date) -> bool:
        """True if the card is not valid any more."""
        return (self.year, self.month) < (today.year, today.month)


@dataclass(frozen=True, slots=True)
class NewPaymentMethod:
    """A payment method to add. An imported one is the only one of its account."""

    account_id: int
    kind: PaymentMethodKind
    token: str | None = None
    brand: str | None = None
    last_four: str | None = None
    expiration_month: int | None = None
    expiration_year: int | None = None
    make_default: bool = True
    imported: bool = False


def checked_payment_method(new: NewPaymentMethod, today: date) -> NewPaymentMethod:
    """The method with normalized values. Raises REQUIRED, INVALID or OUT_OF_RANGE."""
    checked = replace(new, token=checked_token(new.token, new.kind), brand=checked_brand(new.brand))
    if new.kind is PaymentMethodKind.CREDIT_CARD:
        checked_last_four(new.last_four)
        checked_expiration(new.expiration_month, new.expiration_year, today)
        return checked
    check_no_card_fields(
        {
            "brand": new.brand,
            "last_four": new.last_four,
            "expiration_month": new.expiration_month,
            "expiration_year": new.expiration_year,
        }
    )
    return checked


def check_no_card_number(value: str | None, *, path: str) -> None:
    """Raises INVALID for what looks like a card number.

    Within other text its check digit must be right, too.
    """
    for found in CARD_NUMBER.finditer(value or ""):
        if found.group() == (value or "").strip() or _has_check_digit(found.group()):
            message = "Card numbers aren't accepted. Use the token from the payment gateway."
            raise TenureError(ErrorCode.INVALID, message, (path,))


def checked_token(value: str | None, kind: PaymentMethodKind, *, path: str = "token") -> str | None:
    """The gateway's token.

    Raises REQUIRED if a card or direct debit has none, INVALID if an invoice has one.
    """
    check_no_card_number(value, path=path)
    token = optional_text(value, path=path)
    if kind is PaymentMethodKind.INVOICE and token is not None:
        raise TenureError(ErrorCode.INVALID, "An invoice can't have a token.", (path,))
    if kind is not PaymentMethodKind.INVOICE and token is None:
        message = "A card or direct debit requires a token from the payment gateway."
        raise TenureError(ErrorCode.REQUIRED, message, (path,))
    return token


def check_no_card_fields(parts: Mapping[str, str | int | None]) -> None:
    """Raises INVALID where a field is given that only a card has."""
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
        raise TenureError(ErrorCode.REQUIRED, "A card requires its last four digits.", (path,))
    if not LAST_FOUR.fullmatch(value):
        raise TenureError(
            ErrorCode.INVALID, "Enter exactly the last four digits of the card.", (path,)
        )
    return value


def checked_expiration(month: int | None, year: int | None, today: date) -> Expiration:
    """Raises REQUIRED, and OUT_OF_RANGE for an impossible month or an expired card."""
    for name, value in (("expiration_month", month), ("expiration_year", year)):
        if value is None:
            raise TenureError(
                ErrorCode.REQUIRED,
                "A card requires an expiration month and year.",
                (name,),
            )
    if not 1 <= (month or 0) <= 12:
        raise TenureError(
            ErrorCode.OUT_OF_RANGE,
            "The expiration month must be from 1 to 12.",
            ("expiration_month",),
        )
    if not 2000 <= (year or 0) <= LAST_YEAR:
        message = "Enter the expiration year with four digits."
        raise TenureError(ErrorCode.OUT_OF_RANGE, message, ("expiration_year",))
    expiration = Expiration(month or 0, year or 0)
    if expiration.is_past(today):
        message = f"The card expired at the end of {expiration}. Ask the customer for a valid card."
        raise TenureError(ErrorCode.OUT_OF_RANGE, message, ("expiration_year",))
    return expiration


def label(method: PaymentMethod | NewPaymentMethod) -> str:
    """How a person sees it: Visa ···· 4242."""
    if method.kind is PaymentMethodKind.CREDIT_CARD:
        return f"{method.brand or KIND_NAMES[method.kind]} ···· {method.last_four or '????'}"
    return KIND_NAMES[method.kind]


def method_details(method: PaymentMethod | NewPaymentMethod) -> dict[str, object]:
    """The method in the details of an event; never the token."""
    return {"kind": method.kind, "brand": method.brand, "lastFour": method.last_four}


def _has_check_digit(number: str) -> bool:
    """The Luhn check: true for every card number, and for one in ten other numbers."""
    digits = [int(digit) for digit in reversed(number) if digit.isdecimal()]
    doubled = (sum(divmod(2 * digit, 10)) for digit in digits[1::2])
    return (sum(digits[::2]) + sum(doubled)) % 10 == 0
