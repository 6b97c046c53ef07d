"""Creates and changes reasons. None is deleted: a retired one is not offered any more."""

from collections.abc import Sequence

from tenure.audit.actions import record_audit
from tenure.audit.models import AuditAction, AuditOperation
from tenure.holds.models import Status
from tenure.kernel.actor import Role
from tenure.kernel.clock import real_now
from tenure.kernel.errors import ErrorCode, TenureError
from tenure.kernel.unit import Unit
from tenure.reasons.models import StatusReason
from tenure.reasons.queries import code_is_taken, locked_reason
from tenure.reasons.rules import checked_code, checked_label, checked_statuses


async def create_reason(
    unit: Unit, *, code: str, label: str, applies_to: Sequence[Status]
) -> StatusReason:
    """Adds a reason. Raises REQUIRED, INVALID, OUT_OF_RANGE, and TAKEN for a code in use."""
    unit.require(Role.ADMIN)
    reason = StatusReason(
        code=checked_code(code),
        label=checked_label(label),
        applies_to=checked_statuses(applies_to),
        is_retired=False,
        created_at=real_now(),
        version=1,
    )
    if await code_is_taken(unit, reason.code):
        raise TenureError(ErrorCode.TAKEN, f"Reason {reason.code} exists already.", ("code",))
    unit.session.add(reason)
    await unit.session.flush()
    changes = {
        "code": (None, reason.code),
        "label": (None, reason.label),
        "applies_to": (None, reason.applies_to),
    }
    summary = f"Created reason {reason.code}."
    values = {"operation": AuditOperation.REASON_CREATED, "code": reason.code}
    await record_audit(unit, AuditAction.REASON_CHANGED, summary, changes, values)
    return reason


async def update_reason(
    unit: Unit,
    reason_id: int,
    *,
    label: str | None = None,
    applies_to: Sequence[Status] | None = None,
    is_retired: bool | None = None,
    expected_version: int | None = None,
) -> StatusReason:
    """Changes a reason, retires it or offers it again; None leaves a field as it is.

    Raises NOT_FOUND, CONFLICT, REQUIRED, INVALID and OUT_OF_RANGE.
    """
    unit.require(Role.ADMIN)
    reason = await locked_reason(unit, reason_id, expected_version)
    wanted = {
        "label": reason.label if label is None else checked_label(label),
        "applies_to": reason.applies_to if applies_to is None else checked_statuses(applies_to),
        "is_retired": reason.is_retired if is_retired is None else is_retired,
    }
    changed = {
        name: (getattr(reason, name), value)
        for name, value in wanted.items()
        if getattr(reason, name) != value
    }
    if not changed:
        return reason
    for name, (_, value) in changed.items():
        setattr(reason, name, value)
    reason.version += 1
    await unit.session.flush()
    summary = f"Changed reason {reason.code}."
    values = {"code": reason.code}
    await record_audit(unit, AuditAction.REASON_CHANGED, summary, changed, values)
    return reason
