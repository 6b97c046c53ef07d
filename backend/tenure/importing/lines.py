"""A line of the import format as data, and the error message for an invalid one."""

import re
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from hashlib import sha256
from typing import Annotated, TypeVar

import orjson
from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    ValidationError,
    model_validator,
)

from tenure.accounts.models import Rank
from tenure.accounts.rules import (
    checked_billing_day,
    checked_currency,
    checked_email,
    checked_phone,
)
from tenure.assets.rules import checked_login
from tenure.catalog.rules import checked_fee, checked_kind
from tenure.contacts.models import ContactKind
from tenure.contacts.rules import MAX_CONTACTS, ContactFields, checked_contact
from tenure.holds.models import Status
from tenure.importing.messages import DATE, DECIMAL, reasons
from tenure.importing.parsing import Columns
from tenure.kernel.errors import TenureError
from tenure.kernel.money import checked
from tenure.kernel.text import optional_text, required_text
from tenure.notes.rules import checked_note
from tenure.payments.models import PaymentMethodKind
from tenure.payments.rules import checked_brand

T = TypeVar("T")
ImportLine = TypeVar("ImportLine", bound="ImportPart")

DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
FIRST_DAY = date(1900, 1, 1)
COLUMNS = Columns(
    required=frozenset({"number", "name"}),
    optional=frozenset(
        {
            "rank",
            "email",
            "phone",
            "currency",
            "created_on",
            "billing_day_of_month",
            "credit_limit",
            "status",
            "parent",
            "parent_pays",
        }
    ),
    with_json=frozenset({"payment_method", "services", "offers", "contacts", "notes"}),
)


def _validated_by(rule: Callable[[T], T]) -> AfterValidator:
    """A business rule as a validator, with the message of the API."""

    def validate(value: T) -> T:
        try:
            return rule(value)
        except TenureError as refusal:
            raise ValueError(refusal.message) from None

    return AfterValidator(validate)


def _text(longest: int) -> AfterValidator:
    return _validated_by(lambda value: required_text(value, path="", longest=longest))


def _decimal(value: object) -> object:
    """Accepts text or a number, never a boolean."""
    if isinstance(value, bool) or not isinstance(value, str | int | Decimal):
        raise ValueError(DECIMAL)
    try:
        return Decimal(value)
    except ArithmeticError:
        raise ValueError(DECIMAL) from None


def _day(value: object) -> object:
    if not isinstance(value, str) or not DAY.fullmatch(value):
        raise ValueError(DATE)
    return value


def _no_boolean(value: object) -> object:
    if isinstance(value, bool):
        raise ValueError("Give a number.")
    return value


def _not_too_early(value: date) -> date:
    if value < FIRST_DAY:
        raise ValueError(f"Give a day from {FIRST_DAY} on.")
    return value


OptionalText = Annotated[str, _validated_by(lambda value: optional_text(value, path="") or "")]
BillingDay = Annotated[int, BeforeValidator(_no_boolean), _validated_by(checked_billing_day)]
Number = Annotated[Decimal, BeforeValidator(_decimal)]
Short = Annotated[str, _text(64)]
Name = Annotated[str, _text(255)]
Fee = Annotated[
    Decimal,
    BeforeValidator(_decimal),
    _validated_by(lambda fee: checked(fee, path=(), least=Decimal(0)).normalize()),
]
Email = Annotated[str, _validated_by(lambda value: checked_email(value) or "")]
Phone = Annotated[str, _validated_by(lambda value: checked_phone(value) or "")]
Brand = Annotated[str, _validated_by(lambda value: checked_brand(value) or "")]
Currency = Annotated[str, _validated_by(checked_currency)]
Day = Annotated[date, BeforeValidator(_day), AfterValidator(_not_too_early)]


class ImportPart(BaseModel):
    """A null is the same as a missing key; an unknown key is an error."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    @model_validator(mode="before")
    @classmethod
    def _without_nulls(cls, value: object) -> object:
        return (
            {key: part for key, part in value.items() if part is not None}
            if isinstance(value, dict)
            else value
        )


class OfferPart(ImportPart):
    """An offer of the customer."""

    code: Short
    name: Name | None = None
    purchase_fee: Fee | None = None
    monthly_fee: Fee | None = None
    cancel_fee: Fee | None = None

    def check_fees(self, currency: str) -> None:
        """Raises ValueError for a fee with too many decimals for the currency (rules 6.3)."""
        for name in ("purchase_fee", "monthly_fee", "cancel_fee"):
            try:
                checked_fee(getattr(self, name), currency, path=name)
            except TenureError as refusal:
                raise ValueError(f"offer {self.code}: {name}: {refusal.message}") from None


class ServicePart(ImportPart):
    """A service and its offers."""

    kind: Annotated[str, _validated_by(lambda value: checked_kind(value, path=""))]
    name: Name | None = None
    login: (
        Annotated[str, _validated_by(lambda value: checked_login(value, path="") or "")] | None
    ) = None
    status: Status = Status.ACTIVE
    offers: tuple[OfferPart, ...] = ()


class PaymentMethodPart(ImportPart):
    """A payment method, which `checked_payment_method` checks as a whole.

    Of a card only the token and the last four digits.
    """

    kind: PaymentMethodKind
    token: OptionalText | None = None
    brand: Brand | None = None
    last_four: str | None = None
    expiration_month: Annotated[int, BeforeValidator(_no_boolean)] | None = None
    expiration_year: Annotated[int, BeforeValidator(_no_boolean)] | None = None


class ContactPart(ImportPart):
    """A contact, which `checked_contact` checks as a whole."""

    kind: ContactKind
    name: str
    is_primary: bool = False
    email: str | None = None
    phone: str | None = None
    address_lines: str | None = None
    city: str | None = None
    region: str | None = None
    postal_code: str | None = None
    country: str | None = None

    @model_validator(mode="after")
    def _valid(self) -> "ContactPart":
        try:
            self.checked()
        except TenureError as refusal:
            path = ".".join(map(str, refusal.path))
            raise ValueError(f"{path}: {refusal.message}") from None
        return self

    def checked(self) -> ContactFields:
        """The fields with normalized values. Raises TenureError."""
        return checked_contact(ContactFields(**self.model_dump()))


class NotePart(ImportPart):
    """A note about the account. Without an author it is that of the import."""

    text: Annotated[str, _validated_by(checked_note)]
    is_pinned: bool = False
    created_by: Name | None = None
    created_on: Day | None = None


class AccountLine(ImportPart):
    """An account with its services, offers and payment method."""

    number: Short
    name: Name
    rank: Rank | None = None
    email: Email | None = None
    phone: Phone | None = None
    currency: Currency = "USD"
    created_on: Day | None = None
    billing_day_of_month: BillingDay | None = None
    credit_limit: Fee | None = None
    status: Status = Status.ACTIVE
    parent: Short | None = None
    parent_pays: bool = False
    payment_method: PaymentMethodPart | None = None
    services: tuple[ServicePart, ...] = ()
    offers: tuple[OfferPart, ...] = ()
    contacts: Annotated[tuple[ContactPart, ...], Field(max_length=MAX_CONTACTS)] = ()
    notes: tuple[NotePart, ...] = ()

    @model_validator(mode="after")
    def _possible(self) -> "AccountLine":
        if sum(contact.is_primary for contact in self.contacts) > 1:
            raise ValueError("Only one contact can be the primary one.")
        if self.parent_pays and self.parent is None:
            raise ValueError("parent_pays needs a parent.")
        if self.parent == self.number:
            raise ValueError("An account cannot be its own parent.")
        for offer in self.all_offers:
            offer.check_fees(self.currency)
        return self

    @property
    def all_offers(self) -> list[OfferPart]:
        """The offers of the account and of its services."""
        return [*self.offers, *(offer for it in self.services for offer in it.offers)]

    def digest(self) -> str:
        """A digest that is equal for lines with equal content, in whatever form."""
        content = self.model_dump(mode="json", exclude_defaults=True)
        return sha256(orjson.dumps(content, option=orjson.OPT_SORT_KEYS)).hexdigest()


def parse_account_line(content: object) -> AccountLine:
    """The line. Raises ValueError with a message for the author of the file."""
    return parse_line(AccountLine, content)


def parse_line(kind: type[ImportLine], content: object) -> ImportLine:
    """The content as a line of this kind.

    Raises ValueError with a message for the author of the file.
    """
    try:
        return kind.model_validate(content)
    except ValidationError as fault:
        raise ValueError(reasons(fault)) from None
