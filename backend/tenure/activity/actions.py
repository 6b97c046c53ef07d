"""Recalculates when offers were inactive, after a backdated change (rules 2.11)."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import insert

from tenure.activity.models import CorrectedActivity
from tenure.activity.queries import inactive_time
from tenure.kernel.unit import Unit


async def recalculate(unit: Unit, offer_ids: Collection[int], change_id: int) -> None:
    """Stores when these offers were inactive, as of this change. Charges are corrected to it.

    Every change of past active time goes through here.
    """
    found = (await inactive_time(unit, offer_ids)).offers
    rows = [
        {
            "offer_id": offer_id,
            "change_id": change_id,
            "inactive": {"intervals": [[_iso(start), _iso(end)] for start, end in intervals]},
        }
        for offer_id, intervals in found.items()
    ]
    if rows:
        await unit.session.execute(insert(CorrectedActivity), rows)


def _iso(instant: datetime | None) -> str | None:
    return None if instant is None else instant.isoformat()
