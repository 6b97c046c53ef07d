"""Offers of the catalog by their codes."""

from collections.abc import Collection

from sqlalchemy import select

from tenure.catalog.models import Offer
from tenure.kernel.dialects import in_texts
from tenure.kernel.unit import Unit


async def offers_by_code(unit: Unit, codes: Collection[str]) -> dict[str, Offer]:
    """The offers of the catalog that have one of these codes, by code."""
    if not codes:
        return {}
    statement = select(Offer).where(in_texts(Offer.code, codes))
    return {offer.code: offer for offer in await unit.session.scalars(statement)}
