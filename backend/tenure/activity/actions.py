"""Calculating anew when offers were active, after a backdated change (rules 2.11)."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import insert

from tenure.activity.models import CorrectedActivity
from tenure.activity.queries import inactive_time
from tenure.kernel.unit import Unit


async def recalculate(unit: Unit, offer_ids: Collection[int], change_id: int) -> None:
    """Write down when these offers were inactive, as of this change; charges are corrected to it.

    This is the one place that learns of active time that has changed back to a past moment.
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
