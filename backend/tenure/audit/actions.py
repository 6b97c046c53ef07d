"""Records audit entries, always in the transaction of the change that they describe (rules 10)."""

from tenure.audit.models import LONGEST_SUMMARY, AuditAction, AuditEntry
from tenure.audit.rules import Changes, details_of
from tenure.kernel.clock import real_now
from tenure.kernel.text import excerpt, key_of
from tenure.kernel.unit import Unit


async def record_audit(
    unit: Unit, action: AuditAction, summary: str, changes: Changes | None = None
) -> None:
    """Records that the actor of the unit did something now, in real time.

    `summary` is one sentence for admins, such as "Revoked token Shop." `changes` maps each changed
    field to its values before and after; fields that are secrets raise ValueError.
    """
    entry = AuditEntry(
        at=real_now(),
        actor=unit.actor.name,
        actor_key=key_of(unit.actor.name),
        action=action,
        summary=excerpt(summary, LONGEST_SUMMARY),
    )
    details = details_of(changes)
    if details is not None:
        # Setting None would store the null of JSON.
        entry.details = details
    unit.session.add(entry)
    await unit.session.flush()
