"""Issue 4: usage lines and authorizations per second on PostgreSQL; run by `make bench`."""

import asyncio
from contextlib import ExitStack
from datetime import date
from pathlib import Path
from statistics import median
from time import perf_counter

import httpx
import orjson
import pytest
from sqlalchemy import insert

from tenure.accounts.models import Account, BillUnit
from tenure.assets.models import PurchasedOffer, Service
from tenure.catalog.models import Offer, OfferKind
from tenure.identity.actions import create_token
from tenure.kernel.actor import Role
from tenure.kernel.db import Database
from tenure.kernel.unit import Runtime
from tests.conftest import ANA, NOON
from tests.server import served
from tests.services import REDIS, REDIS_URL

pytestmark = [
    pytest.mark.bench,
    pytest.mark.parametrize("database_url", ["postgresql"], indirect=True),
]

CUSTOMERS = 20_000
SERVERS, CLIENTS, LISTS, LINES = 2, 2, 20, 1_000
AT_LEAST = 5_000
ASKED, ROUNDS = 600, 3
RECORD = """mutation($input: [RecordUsageInput!]!) {
  recordUsage(input: $input) { events { id } errors { code message path } }
}"""

AUTHORIZE = """query($login: String!) {
  authorizeService(serviceKind: "tel", login: $login, amount: "1") {
    authorized denial available { amount currency }
  }
}"""
SEARCH = """{
  accounts(first: 25, filter: { status: [ACTIVE] }) {
    nodes { id number name status rank balance { amount currency } }
    pageInfo { hasNextPage endCursor }
  }
}"""


async def add_customers(database: Database) -> None:
    """Insert customers, each with a credit limit and a rated service."""
    made = {"created_at": NOON}
    held = made | {"status_changed_at": NOON}
    starts = dict.fromkeys(("purchase_start", "usage_start", "cycle_start", "first_start"), NOON)
    numbers = range(1, CUSTOMERS + 1)
    bill_unit = {
        "name": "Default",
        "is_default": True,
        "currency": "USD",
        "billing_day_of_month": 1,
        **made,
    }
    bought = {
        "offer_id": 1,
        "name": "Data",
        "kind": OfferKind.CHARGE,
        "quantity": 1,
        **held,
        **starts,
    }
    rows = {
        Offer: [
            {
                "id": 1,
                "code": "d",
                "name": "Data",
                "kind": OfferKind.CHARGE,
                "currency": "USD",
                **made,
            }
            | {"usage_rate": 1, "usage_unit": "MB"}
        ],
        Account: [
            {
                "id": n,
                "number": f"A-{n}",
                "name": "C",
                "name_key": "c",
                "currency": "USD",
                "credit_limit": 10**9,
                **held,
            }
            for n in numbers
        ],
        BillUnit: [
            bill_unit | {"id": n, "account_id": n, "next_bill_on": date(2026, 12, 1)}
            for n in numbers
        ],
        Service: [
            {"id": n, "account_id": n, "bill_unit_id": n, "kind": "tel", "name": "Tel", **held}
            | {"login": str(n), "login_key": str(n)}
            for n in numbers
        ],
        PurchasedOffer: [
            bought | {"id": n, "account_id": n, "service_id": n, "bill_unit_id": n} for n in numbers
        ],
    }
    async with database.engine.begin() as connection:
        for table, all_of_it in rows.items():
            for first in range(0, len(all_of_it), LINES):
                await connection.execute(insert(table), all_of_it[first : first + LINES])
    await database.analyze()


def bodies(client: int) -> list[bytes]:
    """The requests of one client, each with usage of many customers."""
    place = {"unit": "MB", "quantity": "1.5", "serviceKind": "tel", "occurredAt": NOON.isoformat()}
    return [
        orjson.dumps(
            {
                "query": RECORD,
                "variables": {
                    "input": [
                        place
                        | {"reference": f"{client}/{number}/{line}"}
                        | {
                            "login": str(
                                (line * 7919 + number * 104729 + client * 31) % CUSTOMERS + 1
                            )
                        }
                        for line in range(LINES)
                    ]
                },
            }
        )
        for number in range(LISTS)
    ]


async def test_recording(runtime: Runtime, database_url: str, tmp_path: Path) -> None:
    """Lists of 1,000 to two web servers, two concurrent requests each."""
    REDIS.need()
    await add_customers(runtime.database)
    async with runtime.unit(ANA) as unit:
        _, token = await create_token(unit, name="meter", role=Role.AGENT)
    settings = {
        "TENURE_DATABASE_URL": database_url,
        "TENURE_BROKER_URL": REDIS_URL,
        "TENURE_SECRET_KEY": "x" * 40,
        "TENURE_RATE_LIMIT_POINTS": "0",
    }
    headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}

    async def send(address: str, client: int) -> None:
        async with httpx.AsyncClient(headers=headers, timeout=60) as http:
            for body in prepared[client]:
                answer = (await http.post(f"{address}/graphql", content=body)).json()
                recorded = answer["data"]["recordUsage"]
                assert "errors" not in answer
                assert (len(recorded["events"]), recorded["errors"]) == (LINES, [])

    prepared = [bodies(client) for client in range(SERVERS * CLIENTS)]
    with ExitStack() as running:
        folders = [tmp_path / str(number) for number in range(SERVERS)]
        for folder in folders:
            folder.mkdir()
        addresses = [running.enter_context(served(folder, **settings)) for folder in folders]
        started = perf_counter()
        await asyncio.gather(
            *(send(addresses[it % SERVERS], it) for it in range(SERVERS * CLIENTS))
        )
        rate = SERVERS * CLIENTS * LISTS * LINES / (perf_counter() - started)
    print(
        f"\nrecordUsage: {rate:,.0f} events a second by {SERVERS} web servers,"
        f" at least {AT_LEAST:,}"
    )
    assert rate >= AT_LEAST


async def test_authorizing(runtime: Runtime, database_url: str, tmp_path: Path) -> None:
    """At least as many as searches of 25 accounts (Q2), on one web server, alternating."""
    REDIS.need()
    await add_customers(runtime.database)
    async with runtime.unit(ANA) as unit:
        _, token = await create_token(unit, name="switch", role=Role.AGENT)
    settings = {
        "TENURE_DATABASE_URL": database_url,
        "TENURE_BROKER_URL": REDIS_URL,
        "TENURE_SECRET_KEY": "x" * 40,
        "TENURE_RATE_LIMIT_POINTS": "0",
    }
    headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
    rates: dict[str, list[float]] = {AUTHORIZE: [], SEARCH: []}
    with served(tmp_path, **settings) as address:
        async with httpx.AsyncClient(headers=headers, timeout=60) as http:

            async def ask(document: str, numbers: range) -> None:
                for number in numbers:
                    variables = {"login": str(number % CUSTOMERS + 1)}
                    body = orjson.dumps({"query": document, "variables": variables})
                    answer = (await http.post(f"{address}/graphql", content=body)).json()
                    assert "errors" not in answer, answer

            for _ in range(ROUNDS + 1):
                for document, measured in rates.items():
                    started = perf_counter()
                    await asyncio.gather(
                        *(ask(document, range(at, ASKED, CLIENTS)) for at in range(CLIENTS))
                    )
                    measured.append(ASKED / (perf_counter() - started))
    authorized, searched = (median(measured[1:]) for measured in rates.values())
    print(
        f"\nauthorizeService: {authorized:,.0f} a second by one web server;"
        f" search lists of 25: {searched:,.0f}"
    )
    assert authorized >= searched
