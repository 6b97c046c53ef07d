"""Counts failed sign-ins, with an audit entry for the first one and for the last one allowed."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import case, update
from sqlalchemy.dialects.postgresql import (
    insert as insert_or_update,  # SQLite uses the same syntax.
)

from tenure.audit.actions import record_audit
from tenure.audit.models import AuditAction
from tenure.identity import rules
from tenure.identity.models import SignInLimit
from tenure.identity.queries import user_of_email
from tenure.kernel.clock import real_now
from tenure.kernel.expiry import CHUNK, delete_expired
from tenure.kernel.unit import Unit

LIMITS_PER_DELETION = 100


async def count_attempt(unit: Unit, *, keys: Collection[rules.AttemptKey]) -> None:
    """Counts an attempt as failed before its password is checked, so that each is counted.

    Raises TooManyAttemptsError if the limit of a key is reached; the unit is then rolled back.
    """
    for key in sorted(keys, key=lambda it: it.digest):
        failures, ends_at = await _count(unit, key.digest)
        if failures > key.allowed:
            raise rules.TooManyAttemptsError(rules.whole_seconds(ends_at - real_now()))


async def uncount_attempt(unit: Unit, *, keys: Collection[rules.AttemptKey]) -> None:
    """The password was right: the attempt does not count."""
    for key in sorted(keys, key=lambda it: it.digest):
        statement = update(SignInLimit).where(
            SignInLimit.key == key.digest, SignInLimit.failures > 0
        )
        await unit.session.execute(statement.values(failures=SignInLimit.failures - 1))


async def delete_expired_limits(unit: Unit, *, now: datetime, limit: int = CHUNK) -> int:
    """Deletes a chunk of the expired counters and returns their number."""
    is_expired = SignInLimit.ends_at <= now
    key = (SignInLimit.key,)
    return await delete_expired(unit, SignInLimit, key, is_expired=is_expired, limit=limit)


async def record_refusal(unit: Unit, *, email: str, address: str) -> None:
    """Adds an audit entry for a refused sign-in, if it is the first or the last one allowed.

    Entries are limited: two for an address and user in a window, where all unknown users are one,
    and REFUSALS_PER_WINDOW for a user from all addresses.
    """
    user = await user_of_email(unit.session, email)
    from_here, from_anywhere = rules.refusal_keys(address, user.email if user else None)
    failures, _ = await _count(unit, from_here)
    if failures not in (1, rules.FAILURES_BY_ADDRESS_AND_EMAIL):
        return
    entries, _ = await _count(unit, from_anywhere)
    if entries > rules.REFUSALS_PER_WINDOW:
        return
    name = user.email if user else rules.shortened_address(email)
    number = "a sign-in" if failures == 1 else f"{failures} sign-ins in five minutes"
    network = rules.client_network(address)
    summary = f"Refused {number} as {name} from {network}."
    values = {"user": name, "network": network, "count": failures}
    await record_audit(unit, AuditAction.SIGN_IN_REFUSED, summary, values=values)


async def _count(unit: Unit, key: str) -> tuple[int, datetime]:
    """Counts one more for a key. Returns the count in its window, and the end of the window."""
    now = real_now()
    first = insert_or_update(SignInLimit).values(
        key=key, failures=1, ends_at=now + rules.FAILURE_WINDOW
    )
    has_ended = SignInLimit.ends_at <= now
    counted = {
        "failures": case((has_ended, 1), else_=SignInLimit.failures + 1),
        "ends_at": case((has_ended, first.excluded.ends_at), else_=SignInLimit.ends_at),
    }
    statement = first.on_conflict_do_update(index_elements=[SignInLimit.key], set_=counted)
    returned = await unit.session.execute(
        statement.returning(SignInLimit.failures, SignInLimit.ends_at)
    )
    failures, ends_at = returned.one()
    if failures == 1:
        # The table does not grow with the number of attackers.
        await delete_expired_limits(unit, now=now, limit=LIMITS_PER_DELETION)
    return failures, ends_at
