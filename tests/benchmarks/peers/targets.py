"""The targets of the comparison, and which of them were reached."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from tests.benchmarks.peers.comparison import BARE, Comparison, Figures
from tests.benchmarks.peers.mutations import MUTATIONS
from tests.benchmarks.peers.operations import ACCOUNT_LIST, ACCOUNT_PAGE, BILL, OPERATIONS

TENURE, POSTGRAPHILE = "Tenure", "PostGraphile"
# How many times better than PostGraphile a process of Tenure is at least.
READS = {ACCOUNT_PAGE: 2.0, ACCOUNT_LIST: 1.2, BILL: 1.5}
WITH_DATABASE = 1.2
MEMORY_AT_MOST = 0.6
OF_BARE_SQL = 0.6


@dataclass(frozen=True, slots=True)
class Target:
    """What was measured against a limit; `unit` is x for ratios, ms for times."""

    title: str
    value: float
    limit: float
    unit: str = "x"
    at_most: bool = False

    @property
    def is_reached(self) -> bool:
        """True if the value is on the right side of the limit."""
        return self.value <= self.limit if self.at_most else self.value >= self.limit

    @property
    def row(self) -> list[str]:
        """For a table."""
        return [
            self.title,
            f"{self.value:.2f} {self.unit}",
            f"{'at most' if self.at_most else 'at least'} {self.limit:g} {self.unit}",
            "yes" if self.is_reached else "no",
        ]


def read_targets(done: Comparison) -> list[Target]:
    """The targets of the reads for which there are figures."""
    return [*_against_postgraphile(done), *_against_bare_sql(done)]


def _against_postgraphile(done: Comparison) -> Iterator[Target]:
    for operation, limit in READS.items():
        ours, theirs = (done.of(1, operation, name) for name in (TENURE, POSTGRAPHILE))
        if ours and theirs:
            title = f"{operation.title}, one process, PostGraphile's"
            yield Target(f"{title} server CPU", theirs.server_cpu / ours.server_cpu, limit)
            yield Target(f"{title} CPU with PostgreSQL", theirs.cpu / ours.cpu, WITH_DATABASE)
            rate = ours.rate / theirs.rate
            yield Target(f"{operation.title}, one process, requests per second", rate, limit)
    if POSTGRAPHILE in done.memory:
        share = done.memory[TENURE] / done.memory[POSTGRAPHILE]
        yield Target("peak memory of a process", share, MEMORY_AT_MOST, at_most=True)


def _against_bare_sql(done: Comparison) -> Iterator[Target]:
    for operation in OPERATIONS:
        ours, bare = (done.of(2, operation, name) for name in (TENURE, BARE))
        if ours and bare:
            title = f"{operation.title}, two processes, requests per second of bare SQL"
            yield Target(title, ours.rate / bare.rate, OF_BARE_SQL)


def change_targets(changes: Mapping[str, Figures]) -> list[Target]:
    """The targets of the single changes."""
    return [
        Target(f"{it.title}, server CPU", changes[it.title].server_cpu, it.at_most, "ms", True)
        for it in MUTATIONS
        if it.at_most is not None
    ]
