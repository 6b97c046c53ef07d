"""Reasons, locked for actions."""

from sqlalchemy import exists, select

from tenure.kernel.errors import NotFoundError
from tenure.kernel.locks import NO_KEY_UPDATE
from tenure.kernel.unit import Unit
from tenure.kernel.versions import check_version
from tenure.reasons.models import StatusReason


async def locked_reason(unit: Unit, reason_id: int, expected_version: int | None) -> StatusReason:
    """The reason, locked until the unit ends. Raises NOT_FOUND and CONFLICT."""
    reason = await unit.session.get(
        StatusReason, reason_id, with_for_update=NO_KEY_UPDATE, populate_existing=True
    )
    if reason is None:
        raise NotFoundError("reason", ("reason_id",))
    check_version(reason.version, expected_version)
    return reason


async def code_is_taken(unit: Unit, code: str) -> bool:
    """True if a reason has the code."""
    statement = select(exists().where(StatusReason.code == code))
    return bool((await unit.session.execute(statement)).scalar())
