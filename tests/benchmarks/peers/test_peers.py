"""The comparison itself: that it measures, tells answers apart, and notices a failing server.

On few accounts and without PostGraphile, whose packages are not installed for the tests.
"""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path
from xml.etree import ElementTree

import pytest

from tests.benchmarks import growth, page_statements
from tests.benchmarks.document import DOCUMENT, marks
from tests.benchmarks.peers import servers
from tests.benchmarks.peers.__main__ import QUICK, QUICK_CHANGES, measure_reads
from tests.benchmarks.peers.answers import normalized
from tests.benchmarks.peers.chart import chart
from tests.benchmarks.peers.comparison import BARE, assert_same
from tests.benchmarks.peers.database import comparison_database
from tests.benchmarks.peers.load import http_request, run_load
from tests.benchmarks.peers.mutations import MUTATIONS, measure_mutations
from tests.benchmarks.peers.operations import OPERATIONS
from tests.benchmarks.peers.pgbench import PROGRAM
from tests.benchmarks.peers.report import CHANGES, READS, changes_section, reads_section
from tests.benchmarks.peers.targets import Target, change_targets, read_targets
from tests.services import REDIS
from tests.shared import absent

TENURE = {"id": "QWNjb3VudDo3", "total": {"amount": "12.50", "currency": "USD"}, "dueOn": None}
POSTGRAPHILE = {"id": "7", "total": "12500000", "currency": "USD", "dueOn": None}


@pytest.mark.thorough
async def test_comparison_measures_every_operation(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """Tenure, the ORM server and pgbench answer the same; each has figures of its own."""
    REDIS.need()
    if PROGRAM is None:
        absent("pgbench is missing: apt-get install postgresql")
    monkeypatch.setattr(servers, "NODE", Path("not installed"))
    plan = replace(QUICK, accounts=400)

    async with comparison_database(plan.accounts, keep=False) as url:
        ours = await servers.tenure(url, tmp_path)
        done = await measure_reads(plan, ours, url, tmp_path)
        changes = await measure_mutations(plan, ours, url, tmp_path, each=QUICK_CHANGES)

    peers = ("Tenure", "Strawberry + ORM", BARE)
    assert done.figures.keys() == {(1, it.name, peer) for it in OPERATIONS for peer in peers}
    for (_, _, peer), figures in done.figures.items():
        assert figures.rate > 0
        assert 0 < figures.p50 <= figures.p99
        assert (figures.server_cpu > 0) == (peer != BARE)
    assert sum(figures.database_cpu for figures in done.figures.values()) > 0
    assert done.memory.keys() == {"Tenure", "Strawberry + ORM"}
    assert list(changes) == [it.title for it in MUTATIONS]
    assert all(figures.server_cpu > 0 for figures in changes.values())

    assert [it.title for it in change_targets(changes)] == [
        f"{it.title}, server CPU" for it in MUTATIONS if it.at_most is not None
    ]
    text = changes_section(plan, changes, "A machine")
    assert all(f"| {title} |" in text for title in changes)
    text = reads_section(done, "A machine")
    assert all(f"| {it.title} |" in text for it in read_targets(done))
    assert len(ElementTree.fromstring(chart(done))) > len(done.figures)


def test_answers_are_the_same_in_one_form_only() -> None:
    ours = normalized([TENURE], in_millionths=False)
    assert ours == [{"id": 7, "total": 12_500_000, "dueOn": None}]
    assert_same(normalized([POSTGRAPHILE], in_millionths=True), ours, "PostGraphile")
    assert normalized({"nodes": [POSTGRAPHILE]}, in_millionths=True) == ours
    for fault in ({"total": "12500001"}, {"id": "8"}, {"dueOn": "2026-12-01"}):
        with pytest.raises(AssertionError):
            assert_same(normalized([POSTGRAPHILE | fault], in_millionths=True), ours, "a fault")
    with pytest.raises(AssertionError):
        assert_same([], ours, "no answer")


@pytest.mark.parametrize(
    ("value", "limit", "at_most", "is_reached"),
    [(2, 2, False, True), (1.9, 2, False, False), (0.6, 0.6, True, True), (0.7, 0.6, True, False)],
)
def test_target_is_reached(value: float, limit: float, at_most: bool, is_reached: bool) -> None:
    assert Target("a target", value, limit, at_most=at_most).is_reached is is_reached


@asynccontextmanager
async def answering(answer: Callable[[int], bytes]) -> AsyncIterator[int]:
    """The port of a server whose answer to a request depends on its number, from 1."""
    received = 0

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        nonlocal received
        try:
            while await reader.readuntil(b"\r\n\r\n{}"):
                received += 1
                writer.write(answer(received))
        except asyncio.IncompleteReadError:
            writer.close()

    async with await asyncio.start_server(serve, "127.0.0.1", 0) as server:
        yield server.sockets[0].getsockname()[1]


def http(body: bytes, status: int = 200) -> bytes:
    """An answer."""
    return b"HTTP/1.1 %d OK\r\nContent-Length: %d\r\n\r\n%s" % (status, len(body), body)


async def test_load_client_counts_answers() -> None:
    sent = 0

    def answer(number: int) -> bytes:
        nonlocal sent
        sent = number
        return http(b'{"data":{}}')

    async with answering(answer) as port:
        load = await run_load(
            {port: [http_request(b"{}")] * 7}, connections=2, seconds=9, once=True
        )
        assert (load.requests, sent) == (7, 7)
        load = await run_load({port: [http_request(b"{}")]}, connections=2, seconds=0.1)
    assert load.requests == sent - 7 > 0
    assert load.percentile(0.5) <= load.percentile(0.99) == pytest.approx(load.latencies[-1], abs=1)


@pytest.mark.parametrize(
    "fault", [http(b'{"errors":[{"message":"x"}],"data":null}'), http(b'{"data":{}}', status=503)]
)
async def test_load_client_raises_for_an_error(fault: bytes) -> None:
    async with answering(lambda number: fault if number == 3 else http(b'{"data":{}}')) as port:
        with pytest.raises(AssertionError):
            await run_load({port: [http_request(b"{}")]}, connections=1, seconds=9)


def test_document_has_the_marks_of_the_sections() -> None:
    for name in (READS, CHANGES, page_statements.SECTION, growth.SECTION):
        begin, end = marks(name)
        head, _, rest = DOCUMENT.read_text().partition(begin)
        assert head
        assert end in rest
