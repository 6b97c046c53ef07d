"""The GraphQL type of what a text finds."""

from collections.abc import Awaitable, Callable, Sequence
from typing import Annotated, TypeAlias

import strawberry

from tenure.accounts.models import Account
from tenure.assets.models import Service
from tenure.billing.bills.models import Bill
from tenure.catalog.models import Offer
from tenure.graphql.http.context import Info
from tenure.graphql.reads.mapping import Model, Row
from tenure.graphql.reads.resolved_field import resolved_field
from tenure.graphql.types.references import AccountRef, BillRef, OfferRef, ServiceRef
from tenure.kernel.errors import ErrorCode, TenureError
from tenure.search.queries import best_accounts, best_bills, best_offers, best_services

LARGEST_RESULT = 50
DEFAULT_RESULT = 10
Search: TypeAlias = Callable[..., Awaitable[Sequence[int]]]
First: TypeAlias = Annotated[
    int, strawberry.argument(description="The number of results. Default: 10. Maximum: 50.")
]


@strawberry.type(
    name="SearchResult",
    description="What a text finds, each list with the best match first. Only lists that are "
    "selected are read.",
)
class SearchResultType:
    """The text is stored; each list is read when it is selected."""

    text: strawberry.Private[str]

    @resolved_field
    async def accounts(self, info: Info, first: First = DEFAULT_RESULT) -> list[AccountRef]:
        """Accounts by number, name, e-mail, telephone number, login or card.

        The beginning of a word matches. Of a telephone number or login any four or more last
        digits match as well, and its national form, in any punctuation; of a card the last four
        digits. Whole words come first, then accounts without a parent, then the newest.
        """
        return await self._rows(info, best_accounts, Account, first)

    @resolved_field
    async def services(self, info: Info, first: First = DEFAULT_RESULT) -> list[ServiceRef]:
        """Services by login, like accounts."""
        return await self._rows(info, best_services, Service, first)

    @resolved_field
    async def bills(self, info: Info, first: First = DEFAULT_RESULT) -> list[BillRef]:
        """Bills by number or a part of it, newest first.

        `B-3` and `3` find those of a bill unit, `20261104` and `202611` those of a day and month.
        """
        return await self._rows(info, best_bills, Bill, first)

    @resolved_field
    async def offers(self, info: Info, first: First = DEFAULT_RESULT) -> list[OfferRef]:
        """Offers of the catalog by words of code or name, or a part of a word.

        The offer with the code comes first, then what begins with the text, then the newest.
        """
        return await self._rows(info, best_offers, Offer, first)

    async def _rows(self, info: Info, search: Search, model: Model, first: int) -> list[Row]:
        if not 0 <= first <= LARGEST_RESULT:
            message = f"Provide `first` from 0 to {LARGEST_RESULT}."
            raise TenureError(ErrorCode.OUT_OF_RANGE, message, ("first",))
        async with info.context.runtime.database.reading() as session:
            ids = await search(session, self.text, limit=first)
        return await info.context.loaders.rows(model, ids)
