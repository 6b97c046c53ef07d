"""Progress of the collection steps of a job run, recorded in the unit that did the work."""

from collections.abc import Awaitable, Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import TypeAlias

from tenure.kernel.actor import Actor
from tenure.kernel.unit import Runtime, Unit


@dataclass(frozen=True, slots=True)
class CollectionResult:
    """The result of one chunk: the number of processed rows, and quarantined accounts with the
    reason.

    `last` is the account to continue after; `settled` are the collected or failed payments; `tried`
    are the payments sent to the gateway.
    """

    done: int = 0
    quarantined: Mapping[int, str] = field(default_factory=dict)
    last: int = 0
    settled: Collection[int] = ()
    tried: Sequence[int] = ()

    @property
    def is_last(self) -> bool:
        """Nothing was left to do."""
        return not self.done and not self.quarantined


RecordResult: TypeAlias = Callable[[Unit, CollectionResult], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class CollectionRun:
    """The job run, date and actor of a collection, and the callback that records progress in its
    unit.
    """

    runtime: Runtime
    actor: Actor
    run_id: int
    on: date
    record_result: RecordResult

    async def run_in_unit(
        self, operation: Callable[[Unit], Awaitable[CollectionResult]]
    ) -> CollectionResult:
        """Run the operation in a unit of its own, and record its result there."""

        async def recorded(unit: Unit) -> CollectionResult:
            chunk = await operation(unit)
            await self.record_result(unit, chunk)
            return chunk

        return await self.runtime.run_in_unit(self.actor, recorded, job_run_id=self.run_id)

    async def quarantine(self, account_id: int, fault: Exception) -> CollectionResult:
        """Quarantine an account, so that its failure does not stop the others (rules 6.5)."""
        message = f"Unexpected error ({type(fault).__name__})."

        async def record_failure(unit: Unit) -> CollectionResult:  # noqa: ARG001
            return CollectionResult(0, {account_id: message}, account_id)

        return await self.run_in_unit(record_failure)
