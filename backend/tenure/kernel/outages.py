"""Logs faults that recur with each request during an outage once a minute.

Each line has the number of faults of its kind that were left out since the previous line.
"""

from dataclasses import dataclass, field
from time import monotonic

import structlog

from tenure.kernel.faults import is_disk_full, is_transient, is_wait_exhausted
from tenure.kernel.readiness import first_line

SECONDS_BETWEEN_LINES = 60.0
# Seconds after which a client may try again.
RETRY_AFTER_SECONDS = 5
UNAVAILABLE = "Tenure cannot reach its database, or cannot write to it. Try again later."
BUSY = "Other requests or a job use what this one needs for too long. Try again in a few seconds."

log = structlog.get_logger("tenure.outages")


def outage_of(fault: BaseException) -> str | None:
    """The kind of outage that causes this fault; None for a fault of another kind."""
    if is_disk_full(fault):
        return "the disk of the database is full"
    if is_wait_exhausted(fault):
        return "requests waited too long for the database"
    return "the database is unavailable" if is_transient(fault) else None


def message_of(fault: BaseException) -> str:
    """The message for clients during an outage."""
    return BUSY if is_wait_exhausted(fault) else UNAVAILABLE


@dataclass(slots=True)
class OutageLog:
    """The recent faults of a process, by log event."""

    seconds: float = SECONDS_BETWEEN_LINES
    last_line: dict[str, float] = field(default_factory=dict)
    left_out: dict[str, int] = field(default_factory=dict)

    def report(self, event: str, fault: BaseException) -> None:
        """Log the fault without its traceback, unless `event` was logged less than a minute ago."""
        now = monotonic()
        last = self.last_line.get(event)
        if last is not None and now - last < self.seconds:
            self.left_out[event] = self.left_out.get(event, 0) + 1
            return
        self.last_line[event] = now
        log.error(event, fault=first_line(fault)[:500], left_out=self.left_out.pop(event, 0))


outage_log = OutageLog()
