"""What a status change would affect, and what is scheduled to prevent it."""

from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime
from typing import TypeAlias

from sqlalchemy.ext.asyncio import AsyncSession

from tenure.deferred.models import DeferredAction
from tenure.graphql.http.context import Info
from tenure.graphql.reads.mapping import RowsAbout
from tenure.graphql.reads.natural_keys import resolved_ids
from tenure.graphql.types.ids import NO_ROW, expected_key, key_in
from tenure.graphql.types.impact import StatusChangeImpactType
from tenure.holds.models import Status
from tenure.settings.queries import read_business
from tenure.settings.rules import Business
from tenure.status.cascades.rules import Kind
from tenure.status.closings.queries import closings, scheduled_closings
from tenure.status.entities.queries import owner_of
from tenure.status.impact.queries import Impact, account_impact, offer_impact, service_impact

KIND_OF_TYPE = {"Account": Kind.ACCOUNT, "Service": Kind.SERVICE, "PurchasedOffer": Kind.OFFER}
# The declaration of `scheduleConflicts`.
SCHEDULED_CLOSINGS = RowsAbout(
    DeferredAction,
    about="target",
    types=tuple(KIND_OF_TYPE),
    argument="at",
    kind=DeferredAction.scheduled_for.type,
    found=lambda type_name, key: owner_of(KIND_OF_TYPE[type_name], key),
    rows=lambda type_name, key, at: closings(KIND_OF_TYPE[type_name], key, at),
)
PreviewImpact: TypeAlias = Callable[[AsyncSession, Business, int, Status], Awaitable[Impact]]


async def impact_of_account(info: Info, account_id: str, status: Status) -> StatusChangeImpactType:
    """The effect of a status change of an account. Raises INVALID for an id of another type."""
    [resolved] = await resolved_ids(info.context.runtime.database, [account_id])
    key = expected_key(resolved, "account_id", "Account")
    return await _impact(info, account_impact, key, status)


async def impact_of_asset(info: Info, asset_id: str, status: Status) -> StatusChangeImpactType:
    """The effect of a status change of a service or purchased offer.

    Raises INVALID for an id of another type.
    """
    [resolved] = await resolved_ids(info.context.runtime.database, [asset_id])
    offer_id = key_in(resolved, "PurchasedOffer")
    if offer_id:
        return await _impact(info, offer_impact, offer_id, status)
    key = expected_key(resolved, "asset_id", "Service", "PurchasedOffer")
    return await _impact(info, service_impact, key, status)


async def closings_before(info: Info, target: str, at: datetime) -> Sequence[int]:
    """The pending actions that close the target before `at`, soonest first, at most 100.

    Raises INVALID for an id of another type.
    """
    database = info.context.runtime.database
    [resolved] = await resolved_ids(database, [target])
    async with database.reading() as session:
        return await scheduled_closings(session, *_target(resolved), at)


def _target(global_id: str) -> tuple[Kind, int]:
    """Kind and key of the target of a change. Raises INVALID for an id of another type."""
    expected_key(global_id, "target", *KIND_OF_TYPE)
    keys = ((kind, key_in(global_id, name)) for name, kind in KIND_OF_TYPE.items())
    return next(((kind, key) for kind, key in keys if key), (Kind.ACCOUNT, NO_ROW))


async def _impact(
    info: Info, preview: PreviewImpact, key: int, status: Status
) -> StatusChangeImpactType:
    runtime = info.context.runtime
    async with runtime.database.reading() as session:
        business = await read_business(session, runtime)
        return StatusChangeImpactType.of(await preview(session, business, key, status))
