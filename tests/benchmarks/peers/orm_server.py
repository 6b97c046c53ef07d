"""A GraphQL server as most Strawberry applications are written, for comparison with Tenure.

Strawberry types made from SQLAlchemy ORM objects, a DataLoader per relation and request, a cache of
parsed and validated documents. It has the part of Tenure's schema that the operations select, and
no sign-in. uvicorn serves `app`; DATABASE_URL names the database.
"""

import os
from enum import StrEnum

import strawberry
from sqlalchemy import select, tuple_
from sqlalchemy.ext.asyncio import async_sessionmaker, create_async_engine
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.websockets import WebSocket
from strawberry.asgi import GraphQL
from strawberry.extensions import ParserCache, ValidationCache
from strawberry.schema.config import StrawberryConfig

from tenure.accounts import models as accounts
from tenure.billing.bills import models as bills
from tests.benchmarks.peers.orm_loaders import Loaders
from tests.benchmarks.peers.orm_types import (
    Account,
    AccountConnection,
    Bill,
    PageInfo,
    RequestInfo,
)

sessions = async_sessionmaker(
    create_async_engine(os.environ["DATABASE_URL"], pool_size=10), expire_on_commit=False
)


@strawberry.enum
class Status(StrEnum):
    """The status of an account."""

    ACTIVE = "ACTIVE"
    INACTIVE = "INACTIVE"
    CLOSED = "CLOSED"


@strawberry.input
class AccountFilter:
    """Which accounts are listed."""

    status: list[Status]


@strawberry.type
class Query:
    """The reads that are compared."""

    @strawberry.field
    async def account(self, number: str) -> Account | None:
        """An account by its number."""
        statement = select(accounts.Account).where(accounts.Account.number == number)
        async with sessions() as session:
            row = await session.scalar(statement)
        return Account.of(row) if row else None

    @strawberry.field
    async def bill(self, number: str) -> Bill | None:
        """A bill by its number."""
        statement = select(bills.Bill).where(bills.Bill.number == number)
        async with sessions() as session:
            row = await session.scalar(statement)
        return Bill.of(row) if row else None

    @strawberry.field
    async def accounts(
        self,
        info: RequestInfo,
        filter: AccountFilter,
        first: int = 25,
        after: str | None = None,
    ) -> AccountConnection:
        """Accounts, newest first. A cursor is the id of the account before."""
        row = accounts.Account
        position = tuple_(row.created_at, row.id)
        statement = select(row).where(row.status.in_([status.value for status in filter.status]))
        if after is not None:
            before = select(row.created_at, row.id).where(row.id == int(after))
            statement = statement.where(position < before.scalar_subquery())
        statement = statement.order_by(row.created_at.desc(), row.id.desc()).limit(first + 1)
        async with sessions() as session:
            rows = (await session.scalars(statement)).all()
        page = rows[:first]
        page_info = PageInfo(
            has_next_page=len(rows) > first, end_cursor=str(page[-1].id) if page else None
        )
        return AccountConnection(nodes=[Account.of(row) for row in page], page_info=page_info)


class Application(GraphQL[Loaders, None]):
    """The view: the context of a request is its loaders."""

    async def get_context(
        self, request: Request | WebSocket, response: Response | WebSocket
    ) -> Loaders:
        """New loaders, so that no request sees another one's rows."""
        return Loaders(sessions)


schema = strawberry.Schema(
    Query, extensions=[ParserCache(), ValidationCache()], config=StrawberryConfig()
)
app = Starlette(routes=[Route("/graphql", Application(schema))])
