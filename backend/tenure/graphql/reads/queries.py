"""The root type Query."""

from asyncio import gather
from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, TypeAlias

import strawberry

from tenure.accounts import models
from tenure.assets.models import Service
from tenure.billing.bills.models import Bill
from tenure.catalog.models import Offer
from tenure.deferred.models import DeferredAction
from tenure.deferred.queries import count_by_day
from tenure.graphql.http.context import Info
from tenure.graphql.mutations.usage import AuthorizationType
from tenure.graphql.reads.admin_queries import AdminQueries
from tenure.graphql.reads.bill_days import BillDays
from tenure.graphql.reads.declarations import lookup
from tenure.graphql.reads.fields import mapped
from tenure.graphql.reads.filters import equals, has_login, is_kind, references
from tenure.graphql.reads.lists import Lists
from tenure.graphql.reads.mapping import FILTER, MAPPINGS
from tenure.graphql.reads.natural_keys import resolved_ids
from tenure.graphql.reads.next_cycles import NextCycles
from tenure.graphql.reads.previews import (
    SCHEDULED_CLOSINGS,
    closings_before,
    impact_of_account,
    impact_of_asset,
)
from tenure.graphql.reads.resolved_field import (
    compiled_field,
    resolved_field,
    uncompiled_field,
)
from tenure.graphql.reads.statements import checked_days, conditions
from tenure.graphql.types.business import BusinessSettingsType, ClockType, ViewerType
from tenure.graphql.types.deferred_actions import (
    DAYS,
    MAX_CALENDAR_DAYS,
    DeferredActionDayType,
    DeferredActionFilter,
    deferred_filters,
    group_by_day,
)
from tenure.graphql.types.home import HomeType
from tenure.graphql.types.ids import check_key, parse_global_id
from tenure.graphql.types.impact import StatusChangeImpactType
from tenure.graphql.types.nodes import NodeType
from tenure.graphql.types.references import (
    AccountRef,
    BillRef,
    DeferredActionRef,
    OfferRef,
    ServiceRef,
)
from tenure.graphql.types.search import SearchResultType
from tenure.holds.models import Status
from tenure.kernel.actor import Role
from tenure.overview.queries import work_of
from tenure.settings.models import BusinessRow
from tenure.settings.queries import read_business
from tenure.usage.authorization.queries import authorize

PREVIEW = "a preview by the statements and rules of the change, without writing"
NewStatus: TypeAlias = Annotated[
    Status, strawberry.argument(description="The status that the change would set.")
]


@mapped(description="All reads. They require role VIEWER, or the role in their description.")
class Query(AdminQueries, Lists, NextCycles, BillDays):
    """Lookups are declared, as are lists; previews and the clock have resolvers."""

    account: AccountRef | None = lookup(
        models.Account,
        "An account by `id` or `number`. With both, the account must match both.",
        id=references(
            models.Account.id,
            "Account",
            kind=strawberry.ID,
            description="The global id of the account.",
        ),
        number=equals(models.Account.number, "The account number, for example `A-1042`."),
    )
    bill: BillRef | None = lookup(
        Bill,
        "A bill by `id` or `number`. With both, the bill must match both.",
        id=references(
            Bill.id, "Bill", kind=strawberry.ID, description="The global id of the bill."
        ),
        number=equals(Bill.number, "The bill number, for example `B-3-20261104`."),
    )
    offer: OfferRef | None = lookup(
        Offer,
        "An offer in the catalog by `id` or `code`. With both, the offer must match both.",
        id=references(
            Offer.id, "Offer", kind=strawberry.ID, description="The global id of the offer."
        ),
        code=equals(Offer.code, "The offer code, for example `DSL-50`."),
    )
    service: ServiceRef | None = lookup(
        Service,
        "A service by `id`, or by `kind` with `login`, in upper or lower case. With all three, the "
        "service must match all.",
        keys=(("id",), ("kind", "login")),
        id=references(
            Service.id, "Service", kind=strawberry.ID, description="The global id of the service."
        ),
        kind=is_kind(Service.kind, "The kind of the service, for example `internet`."),
        login=has_login(Service.login_key, "The login of the customer."),
    )
    settings: BusinessSettingsType = lookup(BusinessRow, "The business settings.")

    @resolved_field
    async def node(
        self,
        info: Info,
        id: Annotated[
            strawberry.ID,
            strawberry.argument(description="The global id or natural key of any object."),
        ],
    ) -> NodeType | None:
        """An object by its global id or natural key. Null if it is unknown.

        Wherever an argument or input field takes the id of an account, bill, service or catalog
        offer, it also takes the natural key: `account:A-1042`, `bill:B-3-20261104`,
        `service:internet/ada` (kind and login, in upper or lower case) or `offer:DSL-50`. A
        malformed one is INVALID.
        """
        [node] = await _nodes(info, [id], "id")
        return node

    @resolved_field
    async def nodes(
        self,
        info: Info,
        ids: Annotated[list[strawberry.ID], strawberry.argument(description="At most 20,000 ids.")],
    ) -> list[NodeType | None]:
        """Objects by their global ids or natural keys, in their order. Null for an unknown one."""
        return await _nodes(info, ids, "ids")

    @uncompiled_field("the caller, which the request has read already")
    def viewer(self, info: Info) -> ViewerType:
        """The authenticated caller."""
        return ViewerType.of(info.context.caller)

    @uncompiled_field("the time of the process, unless an admin has set the clock")
    async def clock(self, info: Info) -> ClockType:
        """The business clock."""
        runtime = info.context.runtime
        async with runtime.database.reading() as session:
            return ClockType.of(await read_business(session, runtime))

    @uncompiled_field("the best of the matches in several tables, which an algorithm ranks")
    def search(
        self,
        text: Annotated[
            str, strawberry.argument(description="What to search for. At most 10 words count.")
        ],
    ) -> SearchResultType:
        """Find accounts, services, bills and offers by a text, best match first."""
        return SearchResultType(text=text)

    @uncompiled_field("counts over all accounts, of which the process keeps some for a minute")
    async def home(self, info: Info) -> HomeType:
        """What needs somebody today, with figures of the last twelve months.

        Requires role AGENT.
        """
        info.context.caller.require(Role.AGENT)
        runtime = info.context.runtime
        async with runtime.database.reading() as session:
            return HomeType.of(await work_of(session, await read_business(session, runtime)))

    @uncompiled_field(PREVIEW)
    async def account_status_impact(
        self,
        info: Info,
        account_id: Annotated[
            strawberry.ID, strawberry.argument(description="The global id of the account.")
        ],
        status: NewStatus,
    ) -> StatusChangeImpactType:
        """Preview the effect of a status change of an account."""
        return await impact_of_account(info, account_id, status)

    @uncompiled_field(PREVIEW)
    async def asset_status_impact(
        self,
        info: Info,
        asset_id: Annotated[
            strawberry.ID,
            strawberry.argument(description="The global id of a service or purchased offer."),
        ],
        status: NewStatus,
    ) -> StatusChangeImpactType:
        """Preview the effect of a status change of a service or purchased offer."""
        return await impact_of_asset(info, asset_id, status)

    @uncompiled_field(
        "a decision that rules make about a login; one statement reads what they need"
    )
    async def authorize_service(
        self,
        info: Info,
        service_kind: Annotated[
            str,
            strawberry.argument(
                description="The kind of the service, for example `internet`. Case is ignored."
            ),
        ],
        login: Annotated[
            str, strawberry.argument(description="The login of the service. Case is ignored.")
        ],
        amount: Annotated[
            Decimal | None,
            strawberry.argument(
                description="What the usage would cost, in the currency of the account. Default: 0."
            ),
        ] = strawberry.UNSET,
    ) -> AuthorizationType:
        """Check whether a login may use its service now, optionally for an amount."""
        database = info.context.runtime.database
        answer = await authorize(
            database, service_kind=service_kind, login=login, amount=amount or None
        )
        return AuthorizationType.of(answer)

    @compiled_field(SCHEDULED_CLOSINGS)
    async def schedule_conflicts(
        self,
        info: Info,
        target: Annotated[
            strawberry.ID,
            strawberry.argument(
                description="The global id of an account, service or purchased offer."
            ),
        ],
        at: Annotated[
            datetime, strawberry.argument(description="The time of the change to schedule.")
        ],
    ) -> list[DeferredActionRef]:
        """The pending actions that close an account, service or purchased offer before `at`.

        They close the target itself, its service, its account or an account that pays for it.
        Returns the first 100, soonest first.
        """
        conflicting = await closings_before(info, target, at)
        return await info.context.loaders.rows(DeferredAction, conflicting)

    @compiled_field(DAYS)
    async def deferred_action_days(
        self,
        info: Info,
        from_: Annotated[date, strawberry.argument(name="from", description="The first date.")],
        to: Annotated[
            date,
            strawberry.argument(description="The date after the last one, at most 62 days later."),
        ],
        filter: Annotated[
            DeferredActionFilter | None, strawberry.argument(description=FILTER)
        ] = strawberry.UNSET,
    ) -> list[DeferredActionDayType]:
        """Count actions per business date, from `from` until before `to`. At most 62 days."""
        days = checked_days(from_, to, at_most=MAX_CALENDAR_DAYS)
        runtime = info.context.runtime
        selected = conditions(deferred_filters(), vars(filter) if filter else {})
        async with runtime.database.reading() as session:
            business = await read_business(session, runtime)
            return group_by_day(
                await count_by_day(session, days, business.time_zone, selected) if days else []
            )


async def _nodes(info: Info, ids: Sequence[str], argument: str) -> list[NodeType | None]:
    """The objects of global ids and natural keys. Raises INVALID for a malformed natural key."""
    for value in ids:
        check_key(value, argument)
    resolved = await resolved_ids(info.context.runtime.database, ids)
    return list(await gather(*(_node(info, value) for value in resolved)))


async def _node(info: Info, global_id: str) -> NodeType | None:
    parsed = parse_global_id(global_id)
    mapping = MAPPINGS.get(parsed[0]) if parsed else None
    if parsed is None or mapping is None or mapping.model is None or "id" not in mapping.fields:
        return None
    info.context.caller.require(mapping.role)
    return await info.context.loaders.row(mapping.model, parsed[1])  # type: ignore[no-any-return]
