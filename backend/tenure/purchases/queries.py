"""The existing rows that new services and purchases refer to."""

from collections.abc import Sequence

from sqlalchemy import select

from tenure.accounts.models import BillUnit
from tenure.accounts.queries import default_bill_unit_ids, locked_accounts
from tenure.assets.queries import locked_services
from tenure.catalog.queries import offers_by_code
from tenure.kernel.dialects import in_ids
from tenure.kernel.unit import Unit
from tenure.purchases.rules import ExistingRows, NewPurchase, NewService


async def rows_for_services(unit: Unit, services: Sequence[NewService]) -> ExistingRows:
    """The rows that these services refer to. Locks their accounts."""
    account_ids = {new.account_id for new in services}
    requested = {new.bill_unit_id for new in services if new.bill_unit_id is not None}
    return ExistingRows(
        accounts=await locked_accounts(unit, account_ids),
        default_bill_units=await default_bill_unit_ids(unit, account_ids),
        bill_units=await _owners_of_bill_units(unit, requested),
        services={},
        offers=await offers_by_code(unit, {code for new in services for code in new.offer_codes}),
    )


async def rows_for_purchases(unit: Unit, purchases: Sequence[NewPurchase]) -> ExistingRows:
    """The rows that these purchases refer to. Locks their accounts, then their services."""
    account_ids = {new.account_id for new in purchases}
    service_ids = {new.service_id for new in purchases if new.service_id is not None}
    return ExistingRows(
        accounts=await locked_accounts(unit, account_ids),
        default_bill_units=await default_bill_unit_ids(unit, account_ids),
        bill_units={},
        services=await locked_services(unit, service_ids),
        offers=await offers_by_code(unit, {new.offer_code for new in purchases}),
    )


async def _owners_of_bill_units(unit: Unit, bill_unit_ids: set[int]) -> dict[int, int]:
    if not bill_unit_ids:
        return {}
    statement = select(BillUnit.id, BillUnit.account_id).where(in_ids(BillUnit.id, bill_unit_ids))
    return dict((await unit.session.execute(statement)).all())
