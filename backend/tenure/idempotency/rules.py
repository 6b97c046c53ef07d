"""What a request with a key that was used before gets."""

import zlib
from dataclasses import dataclass
from datetime import datetime, timedelta

from tenure.idempotency.models import KeyedRequest

KEPT_FOR = timedelta(hours=24)
COMPRESSION_LEVEL = 6
# After that the process that had the key is taken for dead. One that is only slow loses the key and
# cannot commit any more.
TAKEN_FOR_DEAD_AFTER = timedelta(minutes=2)


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer as it went out."""

    status: int
    media_type: str
    body: bytes


@dataclass(frozen=True, slots=True)
class KeyClaim:
    """One attempt to carry out what was asked for under a key. `owner` tells it from every other."""

    key: str
    digest: str
    owner: str


class MismatchError(Exception):
    """The key was used with another body."""


class UnansweredError(Exception):
    """The first request with this key has no answer: it still runs, or its process died after the change."""


def first_answer(earlier: KeyedRequest, digest: str, now: datetime) -> Answer | None:
    """The answer to give again; None where the request may be carried out (anew).

    Raises MismatchError or UnansweredError.
    """
    if earlier.started_at + KEPT_FOR <= now:
        return None
    if earlier.digest != digest:
        raise MismatchError
    if (body := kept_body(earlier)) is not None:
        return Answer(earlier.status or 200, earlier.media_type or "", body)
    if earlier.carried_out or earlier.started_at + TAKEN_FOR_DEAD_AFTER > now:
        raise UnansweredError
    return None


def kept_body(request: KeyedRequest) -> bytes | None:
    """The body of the kept answer; None where there is no answer."""
    if request.compressed_answer is not None:
        return zlib.decompress(request.compressed_answer)
    return request.answer


def compressed(body: bytes) -> bytes | None:
    """The body compressed; None where that would not make it smaller."""
    smaller = zlib.compress(body, COMPRESSION_LEVEL)
    return smaller if len(smaller) < len(body) else None


class KeyLostError(Exception):
    """Another request has taken the key over; the unit of this one is rolled back."""

    def __init__(self) -> None:
        super().__init__(
            "Another request with this Idempotency-Key took over while this one was being carried out. "
            "This one changed nothing. Send it again to get the other one's answer."
        )
