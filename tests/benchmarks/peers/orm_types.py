"""The GraphQL types of the ORM server. Each is made from its ORM object."""

from datetime import date, datetime
from decimal import Decimal
from typing import Generic, TypeVar

import strawberry
from strawberry.types import Info

from tenure.accounts import models as accounts
from tenure.assets import models as assets
from tenure.billing.bills import models as bills
from tenure.events import models as events
from tests.benchmarks.peers.orm_loaders import Loaders

Node = TypeVar("Node")
RequestInfo = Info[Loaders, None]


@strawberry.type
class Money:
    """An amount with its currency."""

    amount: Decimal
    currency: str


@strawberry.type
class PageInfo:
    """Where a page ends."""

    has_next_page: bool
    end_cursor: str | None


@strawberry.type
class Nodes(Generic[Node]):
    """The rows of a list."""

    nodes: list[Node]


@strawberry.type
class Event:
    """An event."""

    id: strawberry.ID
    kind: str
    occurred_at: datetime
    description: str
    quantity: Decimal | None
    unit: str | None
    rate: Decimal | None
    amount: Money | None
    actor: str

    @classmethod
    def of(cls, row: events.Event) -> "Event":
        """From its row."""
        amount = None
        if row.amount is not None and row.currency is not None:
            amount = Money(amount=row.amount, currency=row.currency)
        return cls(
            id=strawberry.ID(str(row.id)),
            kind=row.kind,
            occurred_at=row.occurred_at,
            description=row.description,
            quantity=row.quantity,
            unit=row.unit,
            rate=row.rate,
            amount=amount,
            actor=row.actor,
        )


@strawberry.type
class BillItem:
    """An item of a bill."""

    id: strawberry.ID
    kind: str
    name: str
    total: Money
    due: Money
    key: strawberry.Private[int]

    @classmethod
    def of(cls, row: bills.BillItem) -> "BillItem":
        """From its row."""
        return cls(
            id=strawberry.ID(str(row.id)),
            kind=row.kind,
            name=row.name,
            total=Money(amount=row.total, currency=row.currency),
            due=Money(amount=row.due, currency=row.currency),
            key=row.id,
        )

    @strawberry.field
    async def events(self, info: RequestInfo, first: int = 25) -> Nodes[Event]:
        """Its events, newest first."""
        rows = await info.context.item_events.load((self.key, first))
        return Nodes(nodes=[Event.of(row) for row in rows])


@strawberry.type
class Bill:
    """A bill."""

    id: strawberry.ID
    number: str
    status: str
    period_start: date
    period_end: date
    due_on: date | None
    total_due: Money
    open_amount: Money
    key: strawberry.Private[int]

    @classmethod
    def of(cls, row: bills.Bill) -> "Bill":
        """From its row."""
        return cls(
            id=strawberry.ID(str(row.id)),
            number=row.number,
            status=row.status,
            period_start=row.period_start,
            period_end=row.period_end,
            due_on=row.due_on,
            total_due=Money(amount=row.total_due, currency=row.currency),
            open_amount=Money(amount=row.open_amount, currency=row.currency),
            key=row.id,
        )

    @strawberry.field
    async def items(self, info: RequestInfo, first: int = 25) -> Nodes[BillItem]:
        """Its items, newest first."""
        rows = await info.context.items.load((self.key, first))
        return Nodes(nodes=[BillItem.of(row) for row in rows])


@strawberry.type
class Offer:
    """A purchased offer."""

    id: strawberry.ID
    name: str
    status: str
    quantity: Decimal
    monthly_fee: Decimal | None

    @classmethod
    def of(cls, row: assets.PurchasedOffer) -> "Offer":
        """From its row."""
        return cls(
            id=strawberry.ID(str(row.id)),
            name=row.name,
            status=row.status,
            quantity=row.quantity,
            monthly_fee=row.monthly_fee,
        )


@strawberry.type
class Service:
    """A service."""

    id: strawberry.ID
    kind: str
    name: str
    login: str | None
    status: str
    version: int
    key: strawberry.Private[int]

    @classmethod
    def of(cls, row: assets.Service) -> "Service":
        """From its row."""
        return cls(
            id=strawberry.ID(str(row.id)),
            kind=row.kind,
            name=row.name,
            login=row.login,
            status=row.status,
            version=row.version,
            key=row.id,
        )

    @strawberry.field
    async def offers(self, info: RequestInfo, first: int = 100) -> list[Offer]:
        """Its offers, newest first."""
        return [Offer.of(row) for row in await info.context.offers.load((self.key, first))]


@strawberry.type
class Account:
    """An account."""

    id: strawberry.ID
    number: str
    name: str
    status: str
    rank: str | None
    email: str | None
    phone: str | None
    created_at: datetime
    version: int
    key: strawberry.Private[int]

    @classmethod
    def of(cls, row: accounts.Account) -> "Account":
        """From its row."""
        return cls(
            id=strawberry.ID(str(row.id)),
            number=row.number,
            name=row.name,
            status=row.status,
            rank=row.rank,
            email=row.email,
            phone=row.phone,
            created_at=row.created_at,
            version=row.version,
            key=row.id,
        )

    @strawberry.field
    async def services(self, info: RequestInfo, first: int = 25) -> Nodes[Service]:
        """Its services, newest first."""
        rows = await info.context.services.load((self.key, first))
        return Nodes(nodes=[Service.of(row) for row in rows])

    @strawberry.field
    async def bills(self, info: RequestInfo, first: int = 25) -> Nodes[Bill]:
        """Its bills, newest first."""
        rows = await info.context.bills.load((self.key, first))
        return Nodes(nodes=[Bill.of(row) for row in rows])

    @strawberry.field
    async def events(self, info: RequestInfo, first: int = 25) -> Nodes[Event]:
        """Its events, newest first."""
        rows = await info.context.account_events.load((self.key, first))
        return Nodes(nodes=[Event.of(row) for row in rows])


@strawberry.type
class AccountConnection(Nodes[Account]):
    """A page of accounts."""

    page_info: PageInfo
