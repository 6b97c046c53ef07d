"""Identities that were read within the last second, so that requests need not read them again.

The end of a session or token and a lower role therefore take effect within a second (rules 10).
"""

from collections.abc import Awaitable, Callable
from time import monotonic
from typing import NamedTuple

from cachetools import LRUCache

from tenure.identity.queries import Identity
from tenure.identity.rules import Credential

SECONDS = 1.0
# About 5 MB.
LARGEST = 5_000


class ReadIdentity(NamedTuple):
    """An identity, and the monotonic time before it was read."""

    identity: Identity
    read_at: float


class KnownIdentities:
    """The identities of valid credentials, at most `LARGEST`, each for one second."""

    def __init__(self) -> None:
        self.known: LRUCache[Credential, ReadIdentity] = LRUCache(LARGEST)
        self.forgotten = 0

    async def identity_of(
        self, credential: Credential, read: Callable[[Credential], Awaitable[Identity | None]]
    ) -> Identity | None:
        """The identity from memory, otherwise from `read`. An invalid credential is read always."""
        # A change is visible to every read that begins after its commit, so the second begins
        # before the read.
        now, forgotten = monotonic(), self.forgotten
        known = self.known.get(credential)
        if known is not None and now < known.read_at + SECONDS:
            return known.identity
        identity = await read(credential)
        # Otherwise the row may have been read before it was changed.
        if identity is not None and forgotten == self.forgotten:
            self.known[credential] = ReadIdentity(identity, now)
        return identity

    def forget(self, credential: Credential) -> None:
        """Read it again with the next request, because its row was changed."""
        self.forgotten += 1
        self.known.pop(credential, None)
