"""The root fields that read."""

from asyncio import gather
from collections.abc import Awaitable, Callable, Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import reduce
from operator import or_
from typing import Annotated, TypeAlias

import strawberry
from sqlalchemy import true
from sqlalchemy.ext.asyncio import AsyncSession

from tenure.accounts import models
from tenure.accounts.models import Rank
from tenure.accounts.queries import matches_search
from tenure.billing.bills.models import Bill
from tenure.catalog.models import Offer
from tenure.deferred.models import DeferredAction
from tenure.deferred.queries import count_by_day
from tenure.graphql.http.context import Info
from tenure.graphql.mutations.hierarchy import is_below
from tenure.graphql.mutations.usage import Authorization
from tenure.graphql.reads.declarations import connection, lookup
from tenure.graphql.reads.fields import mapped
from tenure.graphql.reads.filters import by_rule, one_of, points_at, same, words_of
from tenure.graphql.reads.mapping import AT_MOST, MAPPINGS, Condition, Filter, Filters
from tenure.graphql.reads.resolved_field import resolved_field
from tenure.graphql.reads.statements import conditions
from tenure.graphql.types.account_balance import has_overdue
from tenure.graphql.types.accounts import NEWEST
from tenure.graphql.types.business import BusinessSettings, Clock, Viewer
from tenure.graphql.types.catalog import OFFER_ORDER, offer_filters
from tenure.graphql.types.connections import Connection
from tenure.graphql.types.deferred_actions import (
    DEFERRED_ORDER,
    DeferredActionDay,
    DeferredActionFilter,
    days_of,
    deferred_filters,
)
from tenure.graphql.types.enums import AccountSort
from tenure.graphql.types.ids import NO_ROW, decoded, expected_key, key_in
from tenure.graphql.types.impact import StatusChangeImpact
from tenure.graphql.types.jobs import JOB_RUN_ORDER
from tenure.graphql.types.nodes import Node
from tenure.graphql.types.references import (
    AccountRef,
    BillRef,
    DeferredActionRef,
    JobRunRef,
    OfferRef,
)
from tenure.holds.models import Cause, Status
from tenure.jobs.models import JobRun
from tenure.kernel.business import Business, BusinessRow, read_business
from tenure.kernel.errors import ErrorCode, TenureError
from tenure.kernel.pages import Order
from tenure.status.cascades.rules import Kind
from tenure.status.impact.queries import (
    Impact,
    account_impact,
    offer_impact,
    scheduled_closings,
    service_impact,
)
from tenure.usage.authorization.queries import authorize

SORTS = {
    AccountSort.CREATED_DESC: NEWEST,
    AccountSort.CREATED_ASC: Order(NEWEST.columns),
    AccountSort.NAME_ASC: Order((models.Account.name_key, models.Account.id)),
    AccountSort.NAME_DESC: Order((models.Account.name_key, models.Account.id), descending=True),
    AccountSort.NUMBER_ASC: Order((models.Account.number,)),
}
# Two months: a calendar shows one, and the days around it.
MOST_DAYS = 62
TARGETS = {"Account": Kind.ACCOUNT, "Service": Kind.SERVICE, "PurchasedOffer": Kind.OFFER}
Preview: TypeAlias = Callable[[AsyncSession, Business, int, Status], Awaitable[Impact]]


def account_filters() -> Filters:
    """What the fields of AccountFilter narrow to."""
    return {
        "search": by_rule(is_found_by),
        "status": one_of(models.Account.status),
        "rank": one_of(models.Account.rank),
        "held_by": by_rule(is_held_by),
        "below": by_rule(is_below),
        "has_overdue": Filter(has_overdue, of_today=True),
    }


def is_held_by(causes: Sequence[Cause]) -> Condition:
    """Accounts on which a hold of one of these causes rests, of either effect."""
    mask = int(reduce(or_, causes, Cause(0)))
    return (
        models.Account.inactive_holds.bitwise_or(models.Account.closed_holds).bitwise_and(mask) != 0
    )


def is_found_by(text: str) -> Condition:
    """Accounts that the words of `text` find; every one where there are none."""
    words = words_of(text)
    return matches_search(" ".join(words)) if words else true()


@strawberry.input(description="What is left out does not narrow; neither does an empty list.")
class AccountFilter:
    """Narrows the list of accounts."""

    search: str | None = strawberry.field(
        default=strawberry.UNSET,
        description="Free text: number, name, e-mail, phone or login, by prefix.",
    )
    status: list[Status] | None = strawberry.field(default=strawberry.UNSET, description=AT_MOST)
    rank: list[Rank] | None = strawberry.field(default=strawberry.UNSET, description=AT_MOST)
    held_by: list[Cause] | None = strawberry.field(default=strawberry.UNSET, description=AT_MOST)
    below: strawberry.ID | None = strawberry.field(
        default=strawberry.UNSET, description="Only accounts below this one, at any depth."
    )
    has_overdue: bool | None = strawberry.field(
        default=strawberry.UNSET, description="Whether it owes something that is past due."
    )


@mapped()
class Query:
    """Every reader may read everything."""

    account: AccountRef | None = lookup(
        models.Account,
        "By id or by number; with both, the one account that they both name.",
        id=points_at(models.Account.id, "Account", kind=strawberry.ID),
        number=same(models.Account.number),
    )
    accounts: Connection[AccountRef] = connection(
        models.Account,
        "Newest first unless sorted.",
        order=NEWEST,
        filters=account_filters(),
        filter_input=AccountFilter,
        sorts=SORTS,
    )
    bill: BillRef | None = lookup(
        Bill,
        "By id or by number; with both, the one bill that they both name.",
        id=points_at(Bill.id, "Bill", kind=strawberry.ID),
        number=same(Bill.number),
    )
    deferred_actions: Connection[DeferredActionRef] = connection(
        DeferredAction,
        "What was put off, latest first.",
        order=DEFERRED_ORDER,
        filters=deferred_filters(),
        filter_input=DeferredActionFilter,
    )
    job_runs: Connection[JobRunRef] = connection(
        JobRun, "Newest first.", order=JOB_RUN_ORDER, filters={"status": one_of(JobRun.status)}
    )
    offers: Connection[OfferRef] = connection(
        Offer,
        "The catalog, newest first; `search` looks at code and name.",
        order=OFFER_ORDER,
        filters=offer_filters(),
    )
    settings: BusinessSettings = lookup(BusinessRow, "The business settings.")

    @resolved_field
    async def node(self, info: Info, id: strawberry.ID) -> Node | None:
        """Anything by its id; null for an id that is unknown."""
        return await _node(info, id)

    @resolved_field
    async def nodes(
        self,
        info: Info,
        ids: Annotated[list[strawberry.ID], strawberry.argument(description="At most 20,000 ids.")],
    ) -> list[Node | None]:
        """Several by their ids, in the order of the ids; null for one that is unknown."""
        return list(await gather(*(_node(info, id) for id in ids)))

    @resolved_field
    def viewer(self, info: Info) -> Viewer:
        """Who is asking."""
        return Viewer.of(info.context.caller)

    @resolved_field
    async def clock(self, info: Info) -> Clock:
        """The business clock."""
        runtime = info.context.runtime
        async with runtime.database.reading() as session:
            return Clock.of(await read_business(session, clock_settable=runtime.clock_settable))

    @resolved_field
    async def account_status_impact(
        self, info: Info, account_id: strawberry.ID, status: Status
    ) -> StatusChangeImpact:
        """What changing an account's status would do, before it is done."""
        return await _impact(
            info, account_impact, expected_key(account_id, "account_id", "Account"), status
        )

    @resolved_field
    async def asset_status_impact(
        self, info: Info, asset_id: strawberry.ID, status: Status
    ) -> StatusChangeImpact:
        """What changing a service's or a purchased offer's status would do."""
        offer_id = key_in(asset_id, "PurchasedOffer")
        if offer_id:
            return await _impact(info, offer_impact, offer_id, status)
        return await _impact(
            info,
            service_impact,
            expected_key(asset_id, "asset_id", "Service", "PurchasedOffer"),
            status,
        )

    @resolved_field
    async def authorize_service(
        self, info: Info, service_kind: str, login: str, amount: Decimal | None = strawberry.UNSET
    ) -> Authorization:
        """May this login use its service now, for so much money?"""
        async with info.context.runtime.database.looking() as connection:
            answer = await authorize(
                connection, service_kind=service_kind, login=login, amount=amount or None
            )
        return Authorization.of(answer)

    @resolved_field
    async def schedule_conflicts(
        self, info: Info, target: strawberry.ID, at: datetime
    ) -> list[DeferredActionRef]:
        """Pending actions that will have closed an account, a service or a purchased offer by then.

        They close it itself, or what it hangs on: its service, its account, an account that pays. Soonest first, the
        first hundred.
        """
        async with info.context.runtime.database.reading() as session:
            conflicting = await scheduled_closings(session, *_target(target), at)
        return await info.context.loaders.rows(DeferredAction, conflicting)

    @resolved_field
    async def deferred_action_days(
        self,
        info: Info,
        from_: Annotated[date, strawberry.argument(name="from")],
        to: date,
        filter: DeferredActionFilter | None = strawberry.UNSET,
    ) -> list[DeferredActionDay]:
        """How many actions take place on each business day from `from` to before `to`: at most 62 days."""
        if not (date.min < from_ <= to < date.max and (to - from_).days <= MOST_DAYS):
            words = (
                f"Give a day that lies not before `from`, and at most {MOST_DAYS} days behind it."
            )
            raise TenureError(ErrorCode.OUT_OF_RANGE, words, ("to",))
        days = [from_ + timedelta(days=place) for place in range((to - from_).days)]
        runtime, narrowed = (
            info.context.runtime,
            conditions(deferred_filters(), vars(filter) if filter else {}),
        )
        async with runtime.database.reading() as session:
            business = await read_business(session, clock_settable=runtime.clock_settable)
            return days_of(
                await count_by_day(session, days, business.time_zone, narrowed) if days else []
            )


async def _node(info: Info, global_id: str) -> Node | None:
    found = decoded(global_id)
    mapping = MAPPINGS.get(found[0]) if found else None
    if found is None or mapping is None or mapping.model is None or "id" not in mapping.fields:
        return None
    return await info.context.loaders.row(mapping.model, found[1])  # type: ignore[no-any-return]


def _target(global_id: str) -> tuple[Kind, int]:
    """What a change can be scheduled for. Raises INVALID for an id of another type."""
    expected_key(global_id, "target", *TARGETS)
    found = ((kind, key_in(global_id, name)) for name, kind in TARGETS.items())
    return next(((kind, key) for kind, key in found if key), (Kind.ACCOUNT, NO_ROW))


async def _impact(info: Info, preview: Preview, key: int, status: Status) -> StatusChangeImpact:
    runtime = info.context.runtime
    async with runtime.database.reading() as session:
        business = await read_business(session, clock_settable=runtime.clock_settable)
        return StatusChangeImpact.of(await preview(session, business, key, status))
