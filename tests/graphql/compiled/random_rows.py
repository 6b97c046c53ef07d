"""Random rows in every table that queries read. They need not make sense, only to be stored."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from random import Random
from typing import Any

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    Column,
    Date,
    Enum,
    Integer,
    SmallInteger,
    String,
    Table,
    select,
)
from sqlalchemy.dialects import postgresql, sqlite

from tenure.accounts.models import Account, BillUnit, SearchTerm
from tenure.assets.models import PurchasedOffer, Service
from tenure.audit.models import AuditEntry
from tenure.billing.bills.models import Allocation, Bill, BillItem
from tenure.catalog.models import Offer
from tenure.deferred.models import DeferredAction
from tenure.disputes.models import Dispute
from tenure.events.models import Event, EventKind
from tenure.identity.models import Token, User
from tenure.importing.models import (
    CheckedAccount,
    CheckedOffer,
    ImportFile,
    ImportRun,
    ImportRunLine,
)
from tenure.jobs.models import JobRun, JobStep, JobTotal, QuarantinedAccount
from tenure.kernel.db import Database, Instant
from tenure.kernel.money import Millionths
from tenure.payments.models import Payment, PaymentMethod
from tenure.webhooks.deliveries.models import EventKinds, Webhook, WebhookDelivery

# In the order of their references, with numbers of rows.
TABLES: dict[type[Any], int] = {
    Account: 24,
    BillUnit: 30,
    SearchTerm: 30,
    Offer: 12,
    Service: 30,
    PurchasedOffer: 40,
    JobRun: 10,
    JobStep: 16,
    JobTotal: 10,
    QuarantinedAccount: 10,
    Bill: 40,
    BillItem: 60,
    PaymentMethod: 20,
    Payment: 20,
    Allocation: 10,
    DeferredAction: 40,
    Dispute: 20,
    Event: 160,
    User: 12,
    Token: 12,
    AuditEntry: 40,
    Webhook: 8,
    WebhookDelivery: 60,
    ImportFile: 10,
    ImportRun: 12,
    ImportRunLine: 40,
    CheckedAccount: 20,
    CheckedOffer: 20,
}
TEXTS = [
    "",
    " ",
    "Ada",
    "Élodie 가나다",
    "🦊 ﬀ İ",
    "\x01\x02\x1f\x7f\b\f\n\r\t",
    "\"quoted\" 'and' \\ back\\slash",
    "%s %% :name $1",
    "</script>&amp;",
    "\u2028\u2029\u200b\u202e\ufeff",
    "null",
    "true",
    "{}",
    '{"a": [1, 2]}',
    "a" * 60,
    "\U0010ffff",
    "'; --",
]
NUMBERS = [0, 0, 1, -1, 10, 100_000, 1_000_000, -25_500_000, 123_456_789, 10**15, -(10**15)]
CURRENCIES = ["EUR", "JPY", "USD"]
COUNTS = [0, 1, 1, 2, 31, 2**31 - 1]
# Columns that reference rows without a foreign key.
REFERENCES = {
    "account_id": Account,
    "service_id": Service,
    "offer_id": PurchasedOffer,
    "item_id": BillItem,
    "event_id": Event,
    "followed_id": Event,
    "paired_with_id": DeferredAction,
    "webhook_id": Webhook,
}
START = datetime(2026, 10, 1, 22, tzinfo=UTC)


async def add_random_rows(database: Database, random: Random) -> None:
    """Fill the tables. Rows that would break a unique index are left out."""
    insert = sqlite.insert if database.is_sqlite else postgresql.insert
    ids: dict[str, Sequence[int]] = {}
    async with database.engine.begin() as connection:
        for model, count in TABLES.items():
            table = model.__table__
            statement = insert(table).on_conflict_do_nothing()
            rows = []
            for number in range(1, count + 1):
                # A row may reference the rows before it.
                ids[table.name] = range(1, number)
                row = {
                    column.name: _value(table, column, number, ids, random)
                    for column in table.columns
                    if column.computed is None and column.name != "transaction_id"
                }
                if model is Event and row["amount"] is not None and random.random() < 0.95:
                    row["currency"] = "EUR"
                if model is Dispute and row["item_id"] is not None:
                    of_item = select(BillItem.bill_id).where(BillItem.id == row["item_id"])
                    row["bill_id"] = (await connection.execute(of_item)).scalar_one()
                if model is PaymentMethod:
                    row["is_default"] = row["account_id"] not in [it["account_id"] for it in rows]
                rows.append(row)
            await connection.execute(statement, rows)
            if "id" in table.columns:
                ids[table.name] = list((await connection.execute(select(table.c.id))).scalars())


def _value(
    table: Table, column: Column[Any], number: int, ids: dict[str, Sequence[int]], random: Random
) -> object:
    if column.primary_key and column.name == "id":
        return number
    if column.name == "place":  # Steps of a run are in this order.
        return number
    if column.nullable and random.random() < 0.3:
        return None
    referenced = _referenced(column)
    if referenced is not None:
        known = ids.get(referenced) or ()
        return random.choice(known) if known else (None if column.nullable else 1)
    if column.name == "currency":
        return random.choice(CURRENCIES)
    return _plain(column.type, _is_unique(table, column), number, random)


def _referenced(column: Column[Any]) -> str | None:
    for key in column.foreign_keys:
        if key.column.name == "id" and column.name != "item_id":
            return str(key.column.table.name)
    model = REFERENCES.get(column.name)
    return None if model is None else str(model.__tablename__)


def _is_unique(table: Table, column: Column[Any]) -> bool:
    return bool(column.unique) or any(
        index.unique and column.name in index.columns for index in table.indexes
    )


def _plain(kind: Any, unique: bool, number: int, random: Random) -> object:
    match kind:
        case Millionths():
            return Decimal(random.choice(NUMBERS)) / 1_000_000
        case Instant():
            instant = START + timedelta(hours=random.randrange(2000))
            return instant + timedelta(microseconds=random.choice([0, 0, 1, 120_000, 999_999]))
        case Enum():
            return random.choice(list(kind.enum_class or ()))
        case Date():
            return date(2026, 9, 1) + timedelta(days=number if unique else random.randrange(120))
        case Boolean():
            return random.random() < 0.5
        case SmallInteger():
            return random.choice([0, 0, 1, 2, 4, 5, 8, 16])
        case BigInteger() | Integer():
            return random.choice(COUNTS)
        case EventKinds():
            return random.sample(list(EventKind), random.randrange(4))
        case JSON():
            return {"reference": random.choice(TEXTS), "of": _document(random, 3)}
        case String(length=length):
            text = random.choice(TEXTS)
            return f"{text[:20]}{number}"[: length or 255] if unique else text[:length]
        case _:
            raise TypeError(kind)


def _document(random: Random, depth: int) -> object:
    below = [_document(random, depth - 1) for _ in range(random.randrange(3))] if depth else []
    return random.choice(
        [
            None,
            random.random() < 0.5,
            random.choice(COUNTS),
            random.choice(TEXTS),
            below,
            {random.choice(TEXTS): it for it in below},
        ]
    )


async def natural_keys(database: Database) -> dict[str, list[str]]:
    """The natural keys of the first rows of each type that has some."""
    columns = {
        "Account": ("account:", Account.number),
        "Bill": ("bill:", Bill.number),
        "Offer": ("offer:", Offer.code),
        "Service": ("service:", Service.kind.concat("/").concat(Service.login)),
    }
    found = {}
    async with database.engine.connect() as connection:
        for name, (prefix, column) in columns.items():
            rows = await connection.scalars(select(column).order_by(column).limit(12))
            found[name] = [prefix + str(text) for text in rows if text]
    return found
