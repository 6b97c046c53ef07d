"""Rate limits: token buckets of points, one for each user or token.

A bucket holds `limit` points at most and regains `restore_rate` points a second. Buckets are in the
memory of a process, or in Redis if several servers share them
(docs/decisions/15-own-token-buckets.md).
"""

from dataclasses import dataclass, field
from math import ceil
from time import monotonic
from typing import Final, Protocol

from cachetools import LRUCache
from redis.asyncio import Redis
from redis.exceptions import RedisError

from tenure.kernel.outages import outage_log

# Buckets that a process keeps. A forgotten bucket is full again.
MAX_BUCKETS: Final = 100_000
# After a fault of Redis the requests of so many seconds are admitted without asking it.
SECONDS_WITHOUT_REDIS: Final = 1.0
# Takes ARGV[3] points if the bucket has them. Returns whether it had, and what is left. The time is
# that of Redis, so that the clocks of the servers do not matter.
TAKE: Final = """
local limit, rate, points = tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3])
local time = redis.call('TIME')
local now = time[1] + time[2] / 1000000
local bucket = redis.call('HMGET', KEYS[1], 'left', 'at')
local left, at = tonumber(bucket[1]) or limit, tonumber(bucket[2]) or now
left = math.min(limit, left + math.max(0, now - at) * rate)
local taken = 0
if points <= left then
  left, taken = left - points, 1
end
redis.call('HSET', KEYS[1], 'left', tostring(left), 'at', string.format('%.6f', now))
redis.call('EXPIRE', KEYS[1], math.ceil(limit / rate) + 1)
return {taken, tostring(left)}
"""


@dataclass(frozen=True, slots=True)
class RateLimit:
    """The size of each bucket in points, and the points that it regains in a second."""

    limit: int
    restore_rate: float


@dataclass(frozen=True, slots=True)
class RateCharge:
    """What an operation costs, and its bucket afterwards. None: there are no rate limits.

    `retry_after`: the seconds after which the bucket has enough, if it was rejected.
    """

    requested: int
    limit: int | None = None
    remaining: int | None = None
    restore_rate: float | None = None
    retry_after: int | None = None

    def extension(self) -> dict[str, object]:
        """The value of `extensions.cost`."""
        return {
            "requested": self.requested,
            "limit": self.limit,
            "remaining": self.remaining,
            "restoreRate": self.restore_rate,
        }


class RateLimiter(Protocol):
    """Takes points from buckets.

    `rejected` and `unavailable` are the numbers of operations that were rejected, and of those that
    were admitted because the buckets were not available.
    """

    rejected: int
    unavailable: int

    async def take(self, name: str, points: int) -> RateCharge:
        """Take the points from the bucket of this name, or nothing if it has fewer."""


@dataclass(slots=True)
class UnlimitedRate:
    """Takes nothing."""

    rejected: int = 0
    unavailable: int = 0

    async def take(self, name: str, points: int) -> RateCharge:
        """Always admits."""
        return RateCharge(points)


@dataclass(slots=True)
class Bucket:
    """The points that are left, and when that was computed."""

    left: float
    at: float


@dataclass(slots=True)
class MemoryBuckets:
    """The buckets of one process, by name."""

    rate: RateLimit
    rejected: int = 0
    unavailable: int = 0
    buckets: LRUCache[str, Bucket] = field(default_factory=lambda: LRUCache(MAX_BUCKETS))

    async def take(self, name: str, points: int) -> RateCharge:
        """Take the points from the bucket of this name, or nothing if it has fewer."""
        now, limit = monotonic(), self.rate.limit
        bucket = self.buckets.get(name)
        if bucket is None:
            bucket = self.buckets[name] = Bucket(limit, now)
        bucket.left = min(limit, bucket.left + (now - bucket.at) * self.rate.restore_rate)
        bucket.at = now
        taken = points <= bucket.left
        if taken:
            bucket.left -= points
        self.rejected += not taken
        return charge_of(self.rate, points, bucket.left, taken=taken)


@dataclass(slots=True)
class RedisBuckets:
    """Buckets that servers share. While Redis is not available, all requests are admitted."""

    rate: RateLimit
    redis: Redis
    rejected: int = 0
    unavailable: int = 0
    skip_until: float = 0

    async def take(self, name: str, points: int) -> RateCharge:
        """Take the points from the bucket of this name, or nothing if it has fewer."""
        limit, restored = self.rate.limit, self.rate.restore_rate
        if monotonic() < self.skip_until:
            self.unavailable += 1
            return RateCharge(points, limit, None, restored)
        try:
            taken, left = await self.redis.eval(
                TAKE, 1, f"tenure:rate:{name}", limit, restored, points
            )
        except (RedisError, OSError, TimeoutError) as fault:
            self.unavailable += 1
            self.skip_until = monotonic() + SECONDS_WITHOUT_REDIS
            outage_log.report("rate limits are not applied: Redis is unavailable", fault)
            return RateCharge(points, limit, None, restored)
        self.rejected += not taken
        return charge_of(self.rate, points, float(left), taken=bool(taken))


def charge_of(rate: RateLimit, points: int, left: float, *, taken: bool) -> RateCharge:
    """The charge for a bucket with `left` points."""
    retry_after = None if taken else max(1, ceil((points - left) / rate.restore_rate))
    return RateCharge(points, rate.limit, int(left), rate.restore_rate, retry_after)
