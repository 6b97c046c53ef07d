"""Single mutations of Tenure, one web process: CPU per request of the server and of PostgreSQL."""

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import orjson

from tenure.graphql.types.ids import global_id
from tests.benchmarks.peers.comparison import Figures, Plan, figures_of, medians
from tests.benchmarks.peers.load import http_request, run_load
from tests.benchmarks.peers.servers import Peer
from tests.benchmarks.peers.usage import cpu_time

SECONDS_AT_MOST = 600
# From the start, every twentieth account is inactive and a few are closed (data.sql).
INACTIVE = 20
CLOSED, CLOSED_OF = 77, 10_000

ERRORS = "errors { code message path }"
ACCOUNT = f"account {{ id status version }} {ERRORS}"
CHANGE_STATUS = f"""mutation ChangeStatus($input: ChangeAccountStatusInput!) {{
  result: changeAccountStatus(input: $input) {{ {ACCOUNT} deferredAction {{ id summary }} }}
}}"""
UPDATE = f"""mutation Update($input: UpdateAccountInput!) {{
  result: updateAccount(input: $input) {{ {ACCOUNT} }}
}}"""
ADJUST = f"""mutation Adjust($input: AdjustInput!) {{
  result: adjust(input: $input) {{ event {{ id amount {{ amount currency }} }} {ERRORS} }}
}}"""


@dataclass(frozen=True, slots=True)
class Mutation:
    """A mutation, its input for an account, and its target in milliseconds of server CPU."""

    title: str
    document: str
    values: Callable[[int], dict[str, str]]
    at_most: float | None


MUTATIONS = (
    Mutation("updateAccount", UPDATE, lambda number: {"phone": f"+1 444 {number}"}, 4),
    Mutation(
        "changeAccountStatus, deferred",
        CHANGE_STATUS,
        lambda _: {"status": "INACTIVE", "deferUntil": "2027-02-01T00:00:00Z"},
        4,
    ),
    Mutation("adjust, a charge", ADJUST, lambda _: {"amount": "1.5", "reason": "extra work"}, 6),
    Mutation("adjust, a credit", ADJUST, lambda _: {"amount": "-1.5", "reason": "goodwill"}, None),
    Mutation(
        "changeAccountStatus to INACTIVE", CHANGE_STATUS, lambda _: {"status": "INACTIVE"}, 12
    ),
    Mutation("changeAccountStatus to ACTIVE", CHANGE_STATUS, lambda _: {"status": "ACTIVE"}, 12),
)


async def measure_mutations(
    plan: Plan, peer: Peer, url: str, logs: Path, *, each: int
) -> dict[str, Figures]:
    """Medians by title. A round changes so many accounts, other ones in each round.

    The first round warms the server and does not count.
    """
    rounds: dict[str, list[Figures]] = defaultdict(list)
    active = [
        number
        for number in range(1, plan.accounts + 1)
        if number % INACTIVE and number % CLOSED_OF != CLOSED
    ]
    assert (plan.rounds + 1) * each <= len(active), "There are too few accounts."
    async with peer.running(1, logs) as [server]:
        for position in range(plan.rounds + 1):
            accounts = active[position * each : (position + 1) * each]
            print(f"Single changes, round {position} of {plan.rounds}", flush=True)
            for mutation in MUTATIONS:
                requests = [_request(peer, mutation, account) for account in accounts]
                before = await cpu_time([server.pid], url)
                load = await run_load(
                    {server.port: requests},
                    connections=plan.connections,
                    seconds=SECONDS_AT_MOST,
                    is_good=_is_done,
                    once=True,
                )
                after = await cpu_time([server.pid], url)
                used = after.servers_since(before), after.database_since(before)
                rounds[mutation.title].append(figures_of(load, *used))
    return {title: medians(measured[1:]) for title, measured in rounds.items()}


def _request(peer: Peer, mutation: Mutation, account: int) -> bytes:
    values = {"accountId": global_id("Account", account), **mutation.values(account)}
    body = orjson.dumps({"query": mutation.document, "variables": {"input": values}})
    return http_request(body, peer.token)


def _is_done(answer: bytes) -> bool:
    return answer.startswith(b"HTTP/1.1 200") and b'"errors":[]' in answer
