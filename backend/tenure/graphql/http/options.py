"""What the operator decides for the GraphQL endpoint."""

from dataclasses import dataclass, field
from pathlib import Path

from redis.asyncio import Redis

from tenure.graphql.http.persisted import PersistedOperations
from tenure.graphql.http.rates import (
    MemoryBuckets,
    RateLimit,
    RateLimiter,
    RedisBuckets,
    UnlimitedRate,
)
from tenure.graphql.http.registered import read_manifests
from tenure.kernel.settings import Settings

# In seconds. Requests wait for Redis, and are admitted if it does not answer.
REDIS_TIMEOUT = 0.25


@dataclass(frozen=True, slots=True)
class EndpointOptions:
    """The default has no limits.

    `seconds`: the time that an operation may take before it commits. `cache`: the Redis that web
    servers share, if any.
    """

    limiter: RateLimiter = field(default_factory=UnlimitedRate)
    seconds: float | None = None
    operations: PersistedOperations = field(default_factory=PersistedOperations)
    cache: Redis | None = None

    async def close(self) -> None:
        """Close the connections to the cache."""
        if self.cache is not None:
            await self.cache.aclose()


def options_of(settings: Settings, page: Path | None = None) -> EndpointOptions:
    """The options in the settings. `page`: the manifest of the page, which is always admitted.

    Raises ConfigurationError if a manifest cannot be read.
    """
    url = settings.cache_url
    cache = (
        Redis.from_url(url, socket_timeout=REDIS_TIMEOUT, socket_connect_timeout=REDIS_TIMEOUT)
        if url
        else None
    )
    registered = None
    if settings.operations:
        own = [page] if page is not None and page.exists() else []
        registered = read_manifests([Path(settings.operations), *own])
    operations = PersistedOperations(registered, cache)
    return EndpointOptions(_limiter(settings, cache), settings.operation_timeout, operations, cache)


def _limiter(settings: Settings, cache: Redis | None) -> RateLimiter:
    if not settings.rate_limit_points:
        return UnlimitedRate()
    rate = RateLimit(settings.rate_limit_points, settings.rate_limit_restore)
    return MemoryBuckets(rate) if cache is None else RedisBuckets(rate, cache)
