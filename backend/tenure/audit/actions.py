"""Records audit entries, always in the transaction of the change that they describe (rules 10)."""

from tenure.audit.models import LONGEST_SUMMARY, AuditAction, AuditEntry
from tenure.audit.rules import Changes, SummaryValues, named_values
from tenure.kernel.clock import real_now
from tenure.kernel.text import excerpt, key_of
from tenure.kernel.unit import Unit


async def record_audit(
    unit: Unit,
    action: AuditAction,
    summary: str,
    changes: Changes | None = None,
    values: SummaryValues | None = None,
) -> None:
    """Records that the actor of the unit did something now, in real time.

    `summary` is one sentence for admins, such as "Revoked token Shop." `changes` maps each changed
    field to its values before and after. `values` are those of the sentence that are not in the
    changes, so that programs can write it in another language. Secrets raise ValueError.
    """
    entry = AuditEntry(
        at=real_now(),
        actor=unit.actor.name,
        actor_key=key_of(unit.actor.name),
        action=action,
        summary=excerpt(summary, LONGEST_SUMMARY),
    )
    # Setting None would store the null of JSON.
    if (details := named_values(changes)) is not None:
        entry.details = details
    if (summary_values := named_values(values)) is not None:
        entry.summary_values = {name: _shown(value) for name, value in summary_values.items()}
    unit.session.add(entry)
    await unit.session.flush()


def _shown(value: object) -> object:
    """The value in the form that it has in the summary."""
    return excerpt(value, LONGEST_SUMMARY) if isinstance(value, str) else value
