"""The answer to a request whose key was used before."""

import zlib
from dataclasses import dataclass
from datetime import datetime, timedelta

from tenure.idempotency.models import KeyedRequest

ANSWER_LIFETIME = timedelta(hours=24)
COMPRESSION_LEVEL = 6
# When it ends, another request may take over the key. A process that is only slow loses the key and
# cannot commit any more.
LEASE = timedelta(minutes=2)


@dataclass(frozen=True, slots=True)
class Answer:
    """A response to a request."""

    status: int
    media_type: str
    body: bytes


@dataclass(frozen=True, slots=True)
class KeyClaim:
    """One attempt to run the request of a key. `owner` identifies the attempt."""

    key: str
    digest: str
    owner: str


class MismatchError(Exception):
    """The key was used with another request body."""


class UnansweredError(Exception):
    """The first request with this key has no answer: it is running, or its process has died.

    `age` is the time since it began.
    """

    def __init__(self, age: timedelta) -> None:
        super().__init__(age)
        self.age = age


def first_answer(earlier: KeyedRequest, digest: str, now: datetime) -> Answer | None:
    """The stored answer; None if the request may be run.

    Raises MismatchError or UnansweredError.
    """
    if earlier.started_at + ANSWER_LIFETIME <= now:
        return None
    if earlier.digest != digest:
        raise MismatchError
    if (body := stored_body(earlier)) is not None:
        return Answer(earlier.status or 200, earlier.media_type or "", body)
    if earlier.carried_out or earlier.started_at + LEASE > now:
        raise UnansweredError(now - earlier.started_at)
    return None


def stored_body(request: KeyedRequest) -> bytes | None:
    """The body of the stored answer; None without an answer."""
    if request.compressed_answer is not None:
        return zlib.decompress(request.compressed_answer)
    return request.answer


def compressed(body: bytes) -> bytes | None:
    """The compressed body; None if that is not smaller."""
    smaller = zlib.compress(body, COMPRESSION_LEVEL)
    return smaller if len(smaller) < len(body) else None


class KeyLostError(Exception):
    """Another request has taken over the key; the unit of this one is rolled back."""

    def __init__(self) -> None:
        super().__init__(
            "Another request with this Idempotency-Key took over while this one was running. "
            "This one changed nothing. Send it again to get the other one's answer."
        )
