"""Taking a key, and keeping the answer under it. Keys live in real time and are the caller's own."""

from sqlalchemy import Update, update

from tenure.kernel.clock import real_now
from tenure.kernel.unit import Unit
from tenure.requests.models import KeyedRequest
from tenure.requests.rules import TAKEN_FOR_DEAD_AFTER, Answer, first_answer


async def take(unit: Unit, *, key: str, digest: str) -> Answer | None:
    """The first answer where there is one; else the key is the caller's to carry out the request.

    Raises MismatchError or UnansweredError.
    """
    name = (unit.actor.name, key)
    earlier = await unit.session.get(KeyedRequest, name, with_for_update=True)
    if earlier is not None:
        answer = first_answer(earlier, digest, real_now())
        if answer is not None:
            return answer
    fresh = KeyedRequest(caller=unit.actor.name, key=key, digest=digest, started_at=real_now(), carried_out=False)
    fresh.status = fresh.media_type = fresh.answer = None
    await unit.session.merge(fresh)
    await unit.session.flush()
    return None


async def mark_carried_out(unit: Unit, *, key: str) -> None:
    """Say so in the transaction of the change."""
    await unit.session.execute(_row(unit, key).values(carried_out=True))


async def keep(unit: Unit, *, key: str, answer: Answer) -> None:
    """Keep the answer for those who ask again."""
    await unit.session.execute(
        _row(unit, key).values(status=answer.status, media_type=answer.media_type, answer=answer.body)
    )


async def give_back(unit: Unit, *, key: str) -> bool:
    """True where the request changed nothing: it may be tried again under the same key at once."""
    from_the_start = real_now() - TAKEN_FOR_DEAD_AFTER
    statement = _row(unit, key).where(KeyedRequest.carried_out.is_(False))
    freed = await unit.session.execute(statement.values(started_at=from_the_start).returning(KeyedRequest.key))
    return freed.first() is not None


def _row(unit: Unit, key: str) -> Update:
    return update(KeyedRequest).where(KeyedRequest.caller == unit.actor.name, KeyedRequest.key == key)
