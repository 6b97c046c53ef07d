"""Runs the comparison: the peers in turns, in rounds, after each has been warmed."""

from collections import defaultdict
from collections.abc import Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median
from typing import Any

from tests.benchmarks.peers.load import Load, run_load
from tests.benchmarks.peers.operations import OPERATIONS, Operation
from tests.benchmarks.peers.pgbench import run_pgbench
from tests.benchmarks.peers.requests import Samples, bare_answers, samples
from tests.benchmarks.peers.servers import Peer, Server
from tests.benchmarks.peers.usage import cpu_time, peak_memory

BARE = "pgbench, bare SQL"


@dataclass(frozen=True, slots=True)
class Plan:
    """How much is measured. Times in seconds; `connections` is for each process."""

    accounts: int
    rounds: int = 5
    seconds: float = 5
    warm_up: float = 15
    compared: int = 50
    connections: int = 4
    processes: Sequence[int] = (1, 2)


@dataclass(frozen=True, slots=True)
class Figures:
    """Of one round or, by `medians`, of several. CPU and latencies in milliseconds.

    `client` is the share of a core that the load client took.
    """

    rate: float
    p50: float
    p99: float
    server_cpu: float
    database_cpu: float
    client: float

    @property
    def cpu(self) -> float:
        """Of server and database."""
        return self.server_cpu + self.database_cpu


@dataclass(slots=True)
class Comparison:
    """What was measured: figures by processes, operation and peer; peak memory in bytes."""

    plan: Plan
    figures: dict[tuple[int, str, str], Figures] = field(default_factory=dict)
    memory: dict[str, int] = field(default_factory=dict)
    answer_bytes: dict[str, int] = field(default_factory=dict)

    def of(self, processes: int, operation: Operation, peer: str) -> Figures | None:
        """None for a peer that was not measured."""
        return self.figures.get((processes, operation.name, peer))


def figures_of(load: Load, server_cpu: float, database_cpu: float) -> Figures:
    """For each request."""
    assert load.requests, "No request was answered."
    return Figures(
        rate=load.requests / load.seconds,
        p50=load.percentile(0.5) * 1000,
        p99=load.percentile(0.99) * 1000,
        server_cpu=server_cpu / load.requests * 1000,
        database_cpu=database_cpu / load.requests * 1000,
        client=load.client_cpu / load.seconds,
    )


def medians(rounds: Sequence[Figures]) -> Figures:
    """Each figure's median."""
    return Figures(
        *(median(getattr(it, name) for it in rounds) for name in Figures.__dataclass_fields__)
    )


async def compare(plan: Plan, peers: Sequence[Peer], url: str, logs: Path) -> Comparison:
    """Measure all operations. Raises AssertionError where two peers answer differently."""
    done = Comparison(plan)
    for processes in plan.processes:
        async with AsyncExitStack() as stack:
            running = {
                peer.name: await stack.enter_async_context(peer.running(processes, logs))
                for peer in peers
            }
            for operation in OPERATIONS:
                print(f"{operation.title}, processes: {processes}", flush=True)
                sampled = await _same_answers(plan, peers, running, operation, url)
                await _measure(done, processes, operation, running, sampled, url)
            if processes == 1:
                done.memory = {name: peak_memory(it[0].pid) for name, it in running.items()}
    return done


async def _same_answers(
    plan: Plan,
    peers: Sequence[Peer],
    running: dict[str, list[Server]],
    operation: Operation,
    url: str,
) -> dict[str, Samples]:
    sampled: dict[str, Samples] = {}
    expected: list[Any] = []
    for peer in peers:
        sampled[peer.name] = found = await samples(
            peer,
            running[peer.name][0],
            operation,
            accounts=plan.accounts,
            compared=plan.compared,
        )
        expected = expected or found.answers
        assert_same(found.answers, expected, f"{peer.name}, {operation.title}")
    bare = await bare_answers(url, operation, accounts=plan.accounts, like=expected)
    assert_same(bare, expected, f"{BARE}, {operation.title}")
    return sampled


def assert_same(found: list[Any], expected: list[Any], what: str) -> None:
    """Raises AssertionError with the first pair of answers that differ."""
    assert len(found) == len(expected) > 0
    for one, other in zip(found, expected, strict=True):
        assert one == other, f"{what}: {one} is not {other}"


async def _measure(
    done: Comparison,
    processes: int,
    operation: Operation,
    running: dict[str, list[Server]],
    sampled: dict[str, Samples],
    url: str,
) -> None:
    plan = done.plan
    rounds: dict[str, list[Figures]] = defaultdict(list)
    requests = {
        name: {server.port: sampled[name].requests for server in servers}
        for name, servers in running.items()
    }
    for of_peer in requests.values():
        await run_load(of_peer, connections=plan.connections, seconds=plan.warm_up)
    for _ in range(plan.rounds):
        for name, of_peer in requests.items():
            pids = [server.pid for server in running[name]]
            before = await cpu_time(pids, url)
            load = await run_load(of_peer, connections=plan.connections, seconds=plan.seconds)
            after = await cpu_time(pids, url)
            used = after.servers_since(before), after.database_since(before)
            rounds[name].append(figures_of(load, *used))
        bare, database_cpu = await run_pgbench(
            url,
            operation,
            accounts=plan.accounts,
            clients=plan.connections * processes,
            threads=processes,
            seconds=plan.seconds,
        )
        rounds[BARE].append(figures_of(bare, 0, database_cpu))
    for name, measured in rounds.items():
        done.figures[processes, operation.name, name] = medians(measured)
