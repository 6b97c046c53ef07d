"""Checks of contacts, and the form of an address on paper."""

from dataclasses import dataclass, fields, replace

from tenure.accounts.rules import checked_email, checked_phone
from tenure.contacts.models import LONGEST_LINE, MAX_LINES, Contact, ContactKind
from tenure.kernel.countries import COUNTRIES, country_name
from tenure.kernel.errors import ErrorCode, TenureError
from tenure.kernel.text import optional_text, required_text

MAX_CONTACTS = 100
LONGEST_POSTAL_CODE = 32


@dataclass(frozen=True, slots=True)
class ContactFields:
    """What describes a contact."""

    kind: ContactKind
    name: str | None
    email: str | None = None
    phone: str | None = None
    address_lines: str | None = None
    city: str | None = None
    region: str | None = None
    postal_code: str | None = None
    country: str | None = None
    is_primary: bool = False


@dataclass(frozen=True, slots=True)
class NewContact:
    """A contact to add to an account."""

    account_id: int
    fields: ContactFields


def fields_of(contact: Contact) -> ContactFields:
    """The fields of a stored contact."""
    return ContactFields(**{it.name: getattr(contact, it.name) for it in fields(ContactFields)})


def checked_contact(given: ContactFields) -> ContactFields:
    """The fields with normalized values. Raises REQUIRED, INVALID or OUT_OF_RANGE."""
    if given.is_primary and given.kind is not ContactKind.BILLING:
        message = "Only a billing contact can be the primary one."
        raise TenureError(ErrorCode.INVALID, message, ("is_primary",))
    return replace(
        given,
        name=required_text(given.name, path="name"),
        email=checked_email(given.email),
        phone=checked_phone(given.phone),
        address_lines=checked_lines(given.address_lines),
        city=optional_text(given.city, path="city"),
        region=optional_text(given.region, path="region"),
        postal_code=optional_text(
            given.postal_code, path="postal_code", longest=LONGEST_POSTAL_CODE
        ),
        country=checked_country(given.country),
    )


def checked_lines(value: str | None, *, path: str = "address_lines") -> str | None:
    """The lines of an address without empty ones. Raises INVALID, or OUT_OF_RANGE."""
    texts = (optional_text(line, path=path, longest=LONGEST_LINE) for line in _lines(value))
    lines = [text for text in texts if text is not None]
    if len(lines) > MAX_LINES:
        raise TenureError(ErrorCode.OUT_OF_RANGE, f"Provide at most {MAX_LINES} lines.", (path,))
    return "\n".join(lines) or None


def checked_country(value: str | None, *, path: str = "country") -> str | None:
    """The code of a country in capital letters. Raises INVALID for one that is unknown."""
    code = (value or "").strip().upper()
    if code and code not in COUNTRIES:
        message = "Give a country by its two letters (ISO 3166-1)."
        raise TenureError(ErrorCode.INVALID, message, (path,))
    return code or None


def address_of(contact: Contact) -> list[str]:
    """The lines of the address: name, lines, city with region and postal code, country.

    The country is in English and in capital letters, as the Universal Postal Union asks for.
    """
    place = ", ".join(it for it in (contact.city, contact.region) if it)
    city = " ".join(it for it in (place, contact.postal_code) if it)
    country = country_name(contact.country).upper() if contact.country else ""
    lines = [contact.name, *(contact.address_lines or "").split("\n"), city, country]
    return [line for line in lines if line]


def _lines(value: str | None) -> list[str]:
    return (value or "").replace("\r\n", "\n").split("\n")
