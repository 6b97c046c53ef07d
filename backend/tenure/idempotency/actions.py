"""Claims keys and stores answers under them. A key belongs to its caller; its times are real."""

from datetime import datetime, timedelta

from sqlalchemy import Update, update

from tenure.idempotency.models import KeyedRequest
from tenure.idempotency.rules import (
    ANSWER_LIFETIME,
    LEASE,
    Answer,
    KeyClaim,
    KeyLostError,
    UnansweredError,
    compressed,
    first_answer,
)
from tenure.kernel.clock import real_now
from tenure.kernel.expiry import delete_expired
from tenure.kernel.locks import NO_KEY_UPDATE
from tenure.kernel.unit import Unit


async def claim_key(unit: Unit, claim: KeyClaim) -> Answer | None:
    """The stored answer; or None, and the claim owns the key and may run the request.

    Raises MismatchError or UnansweredError.
    """
    earlier = await unit.session.get(
        KeyedRequest, (unit.actor.name, claim.key), with_for_update=NO_KEY_UPDATE
    )
    if earlier is not None:
        if earlier.owner == claim.owner:
            return None
        answer = first_answer(earlier, claim.digest, real_now())
        if answer is not None:
            return answer
    else:
        # If another request inserts the key at the same time, this INSERT violates the primary
        # key. The unit is then repeated and finds that row.
        earlier = KeyedRequest(caller=unit.actor.name, key=claim.key)
        unit.session.add(earlier)
    earlier.digest = claim.digest
    earlier.owner = claim.owner
    earlier.started_at = real_now()
    earlier.carried_out = False
    earlier.status = None
    earlier.media_type = None
    earlier.answer = None
    earlier.compressed_answer = None
    await unit.session.flush()
    return None


async def answer_of_winner(unit: Unit, claim: KeyClaim) -> Answer:
    """The answer of the request that took over the key. Raises MismatchError or UnansweredError."""
    winner = await unit.session.get(KeyedRequest, (unit.actor.name, claim.key))
    answer = first_answer(winner, claim.digest, real_now()) if winner is not None else None
    if answer is None:
        raise UnansweredError(timedelta(0))
    return answer


async def mark_done(unit: Unit, claim: KeyClaim) -> None:
    """Marks the request as done in the transaction of the change. Raises KeyLostError.

    The row is locked until the commit. A concurrent request with the key waits and finds the mark.
    """
    marked = await unit.session.execute(
        _owned(unit, claim).values(carried_out=True).returning(KeyedRequest.key)
    )
    if marked.first() is None:
        raise KeyLostError


async def store_answer(unit: Unit, claim: KeyClaim, answer: Answer) -> None:
    """Stores the answer for repeated requests, compressed if that is smaller."""
    smaller = compressed(answer.body)
    await unit.session.execute(
        _owned(unit, claim).values(
            status=answer.status,
            media_type=answer.media_type,
            answer=answer.body if smaller is None else None,
            compressed_answer=smaller,
        )
    )


async def delete_expired_requests(unit: Unit, *, now: datetime) -> int:
    """Deletes a chunk of the expired requests and returns their number."""
    is_expired = KeyedRequest.started_at <= now - ANSWER_LIFETIME
    key = (KeyedRequest.caller, KeyedRequest.key)
    return await delete_expired(unit, KeyedRequest, key, is_expired=is_expired)


async def release_key(unit: Unit, claim: KeyClaim) -> bool:
    """Ends the lease of a request that changed nothing, so that it can be repeated at once.

    Returns false if it changed something, or if the claim has lost the key.
    """
    ended = real_now() - LEASE
    statement = _owned(unit, claim).where(KeyedRequest.carried_out.is_(False))
    released = await unit.session.execute(
        statement.values(started_at=ended).returning(KeyedRequest.key)
    )
    return released.first() is not None


def _owned(unit: Unit, claim: KeyClaim) -> Update:
    return update(KeyedRequest).where(
        KeyedRequest.caller == unit.actor.name,
        KeyedRequest.key == claim.key,
        KeyedRequest.owner == claim.owner,
    )
