"""Taking a key, and keeping the answer under it. Keys live in real time and are the caller's own."""

from datetime import datetime

from sqlalchemy import Update, update

from tenure.idempotency.models import KeyedRequest
from tenure.idempotency.rules import (
    KEPT_FOR,
    TAKEN_FOR_DEAD_AFTER,
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


async def take(unit: Unit, claim: KeyClaim) -> Answer | None:
    """The first answer where there is one; else the key is the claim's to carry out the request.

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
        # Where another request inserts the key at the same time, this INSERT violates its unique
        # key: the unit is repeated and finds the other's row.
        earlier = KeyedRequest(caller=unit.actor.name, key=claim.key)
        unit.session.add(earlier)
    earlier.digest, earlier.owner = claim.digest, claim.owner
    earlier.started_at, earlier.carried_out = real_now(), False
    earlier.status = earlier.media_type = None
    earlier.answer = earlier.compressed_answer = None
    await unit.session.flush()
    return None


async def answer_of_winner(unit: Unit, claim: KeyClaim) -> Answer:
    """What the request that took the key over was answered. Raises MismatchError or UnansweredError."""
    winner = await unit.session.get(KeyedRequest, (unit.actor.name, claim.key))
    answer = first_answer(winner, claim.digest, real_now()) if winner is not None else None
    if answer is None:
        raise UnansweredError
    return answer


async def mark_done(unit: Unit, claim: KeyClaim) -> None:
    """Say so in the transaction of the change. Raises KeyLostError where the claim has lost the key.

    The row is locked from here to the commit: whoever wants the key waits and then finds the mark.
    """
    marked = await unit.session.execute(
        _owned(unit, claim).values(carried_out=True).returning(KeyedRequest.key)
    )
    if marked.first() is None:
        raise KeyLostError


async def keep(unit: Unit, claim: KeyClaim, answer: Answer) -> None:
    """Keep the answer for those who ask again, compressed where that makes it smaller."""
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
    """Delete a chunk of the requests whose answers need not be kept any longer, and return how many these were."""
    is_expired = KeyedRequest.started_at <= now - KEPT_FOR
    key = (KeyedRequest.caller, KeyedRequest.key)
    return await delete_expired(unit, KeyedRequest, key, is_expired=is_expired)


async def give_back(unit: Unit, claim: KeyClaim) -> bool:
    """True where the request changed nothing: it may be tried again under the same key at once."""
    ended = real_now() - TAKEN_FOR_DEAD_AFTER
    statement = _owned(unit, claim).where(KeyedRequest.carried_out.is_(False))
    freed = await unit.session.execute(
        statement.values(started_at=ended).returning(KeyedRequest.key)
    )
    return freed.first() is not None


def _owned(unit: Unit, claim: KeyClaim) -> Update:
    return update(KeyedRequest).where(
        KeyedRequest.caller == unit.actor.name,
        KeyedRequest.key == claim.key,
        KeyedRequest.owner == claim.owner,
    )
