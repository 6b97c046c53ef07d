"""Offers of the catalog by their codes."""

from collections.abc import Sequence

from sqlalchemy import select

from tenure.catalog.models import Offer
from tenure.kernel.errors import ErrorCode, TenureError
from tenure.kernel.text import excerpt
from tenure.kernel.unit import Unit


async def offers_by_code(unit: Unit, codes: Sequence[str], *, path: str) -> list[Offer]:
    """The offers in the order of `codes`. Raises NOT_FOUND, naming the first unknown code."""
    found = (await unit.session.execute(select(Offer).where(Offer.code.in_(codes)))).scalars()
    by_code = {offer.code: offer for offer in found}
    for code in codes:
        if code not in by_code:
            raise TenureError(
                ErrorCode.NOT_FOUND, f"The catalog has no offer {excerpt(code)!r}.", (path,)
            )
    return [by_code[code] for code in codes]
