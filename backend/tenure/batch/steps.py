"""A step of a job run: what it claims, and what it does with a claim (rules 4.6, 4.7, 6.5)."""

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import Enum
from typing import Generic, Protocol, TypeVar

from tenure.jobs.queries import must_give_way
from tenure.kernel.actor import Actor, Role
from tenure.kernel.db import AnySelect
from tenure.kernel.errors import TenureError
from tenure.kernel.unit import Unit

BILL_DAY_ACTOR = Actor("bill day job", Role.ADMIN)


class Claim(Protocol):
    """Work that a unit has locked for itself."""

    @property
    def ids(self) -> Sequence[int]:
        """The ids of the entries, in order; empty where none could be claimed."""


ClaimT = TypeVar("ClaimT", bound=Claim)


@dataclass(frozen=True, slots=True)
class StepResult:
    """The result of a claim: entries done and failed, and quarantined accounts with the reason.

    Each newly quarantined account counts as failed. `totals` yields the rows for
    `jobs.actions.add_totals`.
    """

    done: int = 0
    failed: int = 0
    quarantined: Mapping[int, str] = field(default_factory=dict)
    totals: AnySelect | None = None


class Step(ABC, Generic[ClaimT]):
    """Work of one kind, in chunks. The driver in `runs` decides when each method is called.

    `is_concurrent`: several workers may run it at once. With `commits_claim` the claim is committed
    and sent to an external system before it is applied in a second unit.
    """

    name: str
    actor: Actor
    chunk_size: int
    is_concurrent = True
    commits_claim = False

    @abstractmethod
    async def claim(self, unit: Unit, limit: int, after: int) -> ClaimT:
        """Locks up to `limit` entries. `after` is the last id that this worker has claimed."""

    @abstractmethod
    async def apply(self, unit: Unit, claim: ClaimT) -> StepResult:
        """Does the work of the claim in the unit."""

    @abstractmethod
    async def fail(self, unit: Unit, claim: ClaimT, fault: Exception) -> StepResult:
        """Records the fault of a single entry, so that this run does not claim it again."""

    async def has_more(self, unit: Unit) -> bool:
        """True if entries are due although none could be claimed: others have locked them."""
        return False

    async def send(self, claim: ClaimT) -> ClaimT:
        """The committed claim with the answers of the external system (`commits_claim`)."""
        return claim

    def split(self, claim: ClaimT) -> Sequence[ClaimT]:
        """The entries of a committed claim, one by one (`commits_claim`)."""
        return [claim]


class RunEnd(Enum):
    """Why a worker stops: nothing is left, other runs come first, or another worker has the run."""

    COMPLETE = "COMPLETE"
    GAVE_WAY = "GAVE_WAY"
    LOCKED = "LOCKED"


class LongStep(Step[ClaimT]):
    """A step that gives way to other runs between two chunks. `end` says why it stopped.

    Each time a worker begins it, it works on one chunk at least.
    """

    end = RunEnd.COMPLETE
    has_claimed = False

    async def gives_way(self, unit: Unit, run_id: int) -> bool:
        """True if other runs come first. Called before each claim."""
        if self.has_claimed and await must_give_way(unit, run_id):
            self.end = RunEnd.GAVE_WAY
        self.has_claimed = True
        return self.end is RunEnd.GAVE_WAY


def quarantine_reason(fault: Exception) -> str:
    """Why an account was quarantined, for users; the log has the details."""
    if isinstance(fault, TenureError):
        return str(fault)
    return f"Unexpected error ({type(fault).__name__})."
