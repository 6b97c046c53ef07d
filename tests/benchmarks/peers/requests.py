"""The requests of a peer for each operation, and the proof that all peers answer the same."""

from dataclasses import dataclass
from typing import Any

import asyncpg
import httpx
import orjson

from tests.benchmarks.peers.answers import normalized
from tests.benchmarks.peers.load import http_request
from tests.benchmarks.peers.operations import ACCOUNT_LIST, Operation, drawn_numbers, variables
from tests.benchmarks.peers.servers import Peer, Server

LARGEST_LIST = 100  # Pages of the list that are read.
PAGE = 25
SECONDS = 60


@dataclass(frozen=True, slots=True)
class Samples:
    """The requests of one operation, as bytes, and the normalized answers to the first ones."""

    requests: list[bytes]
    answers: list[Any]


async def samples(
    peer: Peer, server: Server, operation: Operation, *, accounts: int, compared: int
) -> Samples:
    """The samples of a peer. Raises AssertionError for an answer with errors."""
    async with httpx.AsyncClient(
        base_url=f"http://127.0.0.1:{server.port}",
        headers={"Content-Type": "application/json"}
        | ({"Authorization": f"Bearer {peer.token}"} if peer.token else {}),
        timeout=SECONDS,
    ) as http:
        if operation is ACCOUNT_LIST:
            bodies, answers = await _pages(http, peer, accounts)
        else:
            numbers = drawn_numbers(operation, accounts)
            bodies = [_body(peer, operation, variables(operation, number)) for number in numbers]
            answers = [await _answer(http, operation, body) for body in bodies[:compared]]
    comparable = [normalized(it, in_millionths=peer.in_millionths) for it in answers[:compared]]
    return Samples([http_request(body, peer.token) for body in bodies], comparable)


async def bare_answers(
    url: str, operation: Operation, *, accounts: int, like: list[Any]
) -> list[Any]:
    """The normalized answers of the bare statement for the same samples as the answers `like`."""
    if operation is ACCOUNT_LIST:
        last = [page["nodes"][-1]["id"] for page in like[:-1]]
        numbers = [accounts + 1, *last]
    else:
        numbers = drawn_numbers(operation, accounts)[: len(like)]
    connection = await asyncpg.connect(url)
    try:
        found = [await connection.fetchval(operation.statement, number) for number in numbers]
    finally:
        await connection.close()
    return [normalized(orjson.loads(it), in_millionths=True) for it in found]


async def _pages(http: httpx.AsyncClient, peer: Peer, accounts: int) -> tuple[list[bytes], Any]:
    """The list from its start, page after page: each page is a sample."""
    bodies, answers = [], []
    cursor: dict[str, str] = {}
    for _ in range(min(LARGEST_LIST, accounts // PAGE // 2)):
        bodies.append(_body(peer, ACCOUNT_LIST, cursor))
        answers.append(await _answer(http, ACCOUNT_LIST, bodies[-1]))
        cursor = {"after": answers[-1]["pageInfo"]["endCursor"]}
    return bodies, answers


def _body(peer: Peer, operation: Operation, values: dict[str, str]) -> bytes:
    return orjson.dumps({"query": peer.document(operation), "variables": values})


async def _answer(http: httpx.AsyncClient, operation: Operation, body: bytes) -> Any:
    answer = (await http.post("/graphql", content=body)).json()
    assert "errors" not in answer, answer
    return answer["data"][operation.field]
