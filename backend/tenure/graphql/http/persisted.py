"""Persisted operations: documents that are sent by their SHA-256.

Clients register a query by sending text and hash together, as Apollo's clients do (APQ). If the
operator sets a manifest, only its operations are executed, by their ids, hashes or texts.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from cachetools import LRUCache
from graphql import GraphQLError
from redis.asyncio import Redis
from redis.exceptions import RedisError

from tenure.graphql.http.errors import (
    INVALID,
    OPERATION_NOT_REGISTERED,
    PERSISTED_QUERY_NOT_FOUND,
    request_error,
)
from tenure.graphql.http.limits import length_error
from tenure.graphql.http.registered import RegisteredOperations, digest_of
from tenure.kernel.outages import outage_log

# The total length of the texts that a process keeps.
CACHE_CHARACTERS: Final = 2_000_000
SECONDS_IN_REDIS: Final = 30 * 24 * 3600
MAX_ID_CHARACTERS: Final = 128


@dataclass(slots=True)
class PersistedOperations:
    """Finds the texts of persisted operations.

    They are kept in the memory of the process, and in Redis if servers share one.
    """

    registered: RegisteredOperations | None = None
    redis: Redis | None = None
    texts: LRUCache[str, str] = field(default_factory=lambda: LRUCache(CACHE_CHARACTERS, len))

    async def resolve(self, content: Mapping[str, object]) -> dict[str, object]:
        """The request with the text of its operation. Raises GraphQLError."""
        key, text = _id_of(content), content.get("query")
        if self.registered is not None:
            text = self._registered(self.registered, key, text)
        elif key is not None:
            text = await self._read(key) if text is None else await self._store(key, text)
        return {**content, "query": text}

    def _registered(
        self, registered: RegisteredOperations, key: str | None, text: object
    ) -> object:
        found = text if key is None else registered.texts.get(key)
        if not isinstance(found, str) or not registered.admits(found) or text not in (None, found):
            raise unregistered_error()
        return found

    async def _read(self, key: str) -> str:
        text = self.texts.get(key) or await self._read_shared(key)
        if text is None:
            raise request_error("PersistedQueryNotFound", PERSISTED_QUERY_NOT_FOUND)
        self.texts[key] = text
        return text

    async def _read_shared(self, key: str) -> str | None:
        if self.redis is None:
            return None
        try:
            found = await self.redis.get(f"tenure:query:{key}")
        except (RedisError, OSError, TimeoutError) as fault:
            outage_log.report("persisted queries are not shared: Redis is unavailable", fault)
            return None
        text = found.decode(errors="surrogatepass") if isinstance(found, bytes) else None
        # Another program may write to this Redis.
        return text if text is not None and digest_of(text) == key else None

    async def _store(self, key: str, text: object) -> object:
        """Keep a text. Raises GraphQLError if its hash is another one."""
        if not isinstance(text, str):
            return text
        if digest_of(text) != key:
            raise request_error("`sha256Hash` is not the SHA-256 of `query`.", INVALID)
        if length_error(text) is None and key not in self.texts:
            self.texts[key] = text
            await self._store_shared(key, text)
        return text

    async def _store_shared(self, key: str, text: str) -> None:
        if self.redis is None:
            return
        try:
            value = text.encode(errors="surrogatepass")
            await self.redis.set(f"tenure:query:{key}", value, ex=SECONDS_IN_REDIS)
        except (RedisError, OSError, TimeoutError) as fault:
            outage_log.report("persisted queries are not shared: Redis is unavailable", fault)


def unregistered_error() -> GraphQLError:
    """The error of an operation that is not in the manifest."""
    message = "This server executes registered operations only, and this one is not registered."
    return request_error(message, OPERATION_NOT_REGISTERED)


def _id_of(content: Mapping[str, object]) -> str | None:
    """The id of a persisted operation; None if the request has none. Raises GraphQLError."""
    extensions = content.get("extensions")
    sent = extensions.get("persistedQuery") if isinstance(extensions, dict) else None
    if sent is None:
        return None
    key = sent.get("sha256Hash") if isinstance(sent, dict) else None
    if (
        not isinstance(key, str)
        or not 0 < len(key) <= MAX_ID_CHARACTERS
        or sent.get("version") != 1
    ):
        message = "`extensions.persistedQuery` must be {version: 1, sha256Hash: HASH}."
        raise request_error(message, INVALID)
    return key
