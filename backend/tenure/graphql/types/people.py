"""The GraphQL types of contacts and notes of accounts."""

from datetime import datetime

from tenure.accounts.models import Account
from tenure.contacts.models import Contact, ContactKind
from tenure.graphql.reads.declarations import column, expression, to_one
from tenure.graphql.reads.fields import mapped
from tenure.graphql.reads.filters import contains_words
from tenure.graphql.reads.mapping import Filters
from tenure.graphql.types.nodes import NodeType
from tenure.graphql.types.references import AccountRef
from tenure.kernel.pages import Order
from tenure.notes.models import Note
from tenure.notes.queries import IS_PINNED

NOTE_ORDER = Order((Note.pinned, Note.created_at, Note.id), descending=True)


def note_filters() -> Filters:
    """The filters of lists of notes."""
    description = "Words that the text contains. Case is ignored. At most 10 words."
    return {"search": contains_words(description, Note.text)}


@mapped(Note, "A note that an agent wrote about an account.")
class NoteType(NodeType):
    """The author can delete it, and an admin."""

    account: AccountRef = to_one(Account, "The account that it is about.", by=Note.account_id)
    text: str = column(Note.text, "The text, at most 2000 characters. It can have several lines.")
    is_pinned: bool = expression(
        lambda row: bool(row.pinned),
        "Whether it is listed before the others.",
        sql=IS_PINNED,
    )
    created_by: str = column(Note.created_by, "The name of the user or API client that wrote it.")
    created_at: datetime = column(Note.created_at, "When it was written.")
    changed_by: str | None = column(
        Note.changed_by, "Who changed the text last. Null if nobody has."
    )
    changed_at: datetime | None = column(
        Note.changed_at, "When the text was changed last. Null if it was not."
    )
    version: int = column(
        Note.version,
        "Incremented by each change. Pass it as `expectedVersion` to detect conflicts.",
    )


@mapped(Contact, "A person or department of a customer, with a postal address.")
class ContactType(NodeType):
    """An account has any number of contacts, up to 100."""

    account: AccountRef = to_one(Account, "The account that it belongs to.", by=Contact.account_id)
    kind: ContactKind = column(Contact.kind, "What the contact is for.")
    is_primary: bool = column(
        Contact.is_primary,
        "Whether the bills are addressed to it. At most one contact of an account is, of kind "
        "BILLING.",
    )
    name: str = column(Contact.name, "The name, for example `Hana Suzuki` or `Accounts payable`.")
    email: str | None = column(Contact.email, "The e-mail address. Null if none is known.")
    phone: str | None = column(
        Contact.phone, "The telephone number as entered. Null if none is known."
    )
    address_lines: str | None = column(
        Contact.address_lines,
        "The lines of the address before the city, at most 4, separated by line breaks. Null if "
        "none is known.",
    )
    city: str | None = column(Contact.city, "The city. Null if none is known.")
    region: str | None = column(
        Contact.region, "The state, province or region. Null if none is known."
    )
    postal_code: str | None = column(Contact.postal_code, "The postal code. Null if none is known.")
    country: str | None = column(
        Contact.country, "ISO 3166-1 code of two letters, for example `DE`. Null if none is known."
    )
    created_at: datetime = column(Contact.created_at, "When the contact was added.")
    version: int = column(
        Contact.version,
        "Incremented by each change. Pass it as `expectedVersion` to detect conflicts.",
    )
