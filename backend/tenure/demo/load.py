"""Deterministic accounts for load tests: lines of the import format, imported as usual."""

from collections.abc import Callable
from datetime import date, timedelta

from tenure.importing.lines import AccountLine, parse_account_line
from tenure.importing.run import CHUNK_SIZE, import_lines
from tenure.kernel.unit import Runtime

FIRST_NAMES = [
    "Ada",
    "Ben",
    "Chloe",
    "Dmitri",
    "Elena",
    "Farid",
    "Grace",
    "Hugo",
    "Ines",
    "Jonas",
    "Kaya",
    "Liam",
    "Mina",
    "Noah",
    "Olga",
    "Pablo",
    "Ruth",
    "Sven",
]
LAST_NAMES = [
    "Abreu",
    "Baker",
    "Costa",
    "Dietrich",
    "Eriksen",
    "Fofana",
    "Garcia",
    "Horvat",
    "Ivanov",
    "Jensen",
    "Khan",
    "Laurent",
    "Meyer",
    "Novak",
]
PLANS = (("FIBER-500", "39.90"), ("FIBER-1000", "59.90"), ("DSL-50", "24.90"))
RANKS = ("PLATINUM", "GOLD", "SILVER", "BRONZE", None)
STATUSES = {7: "INACTIVE", 11: "CLOSED"}
FAMILY = 10
FIRST_DAY = date(2020, 1, 1)


async def build_accounts(
    runtime: Runtime, accounts: int, advance: Callable[[int], None] = lambda _: None
) -> int:
    """Import the first `accounts` of an infinite sequence. Existing ones are left unchanged."""
    for start in range(0, accounts, CHUNK_SIZE):
        chunk = [_line(place) for place in range(start, min(start + CHUNK_SIZE, accounts))]
        await import_lines(runtime, chunk)
        advance(len(chunk))
    await runtime.database.analyze()
    return accounts


def _line(place: int) -> AccountLine:
    """One account heads the nine after it, and pays for every other one.

    1 in 13 is inactive, another closed.
    """
    head = place - place % FAMILY
    number = f"L-{place:07}"
    name = f"{FIRST_NAMES[place % len(FIRST_NAMES)]} {LAST_NAMES[place // 7 % len(LAST_NAMES)]}"
    plan, fee = PLANS[place % len(PLANS)]
    is_head = place == head
    services: list[dict[str, object]] = [
        {"kind": "internet", "login": number, "offers": [{"code": plan, "monthly_fee": fee}]}
    ]
    if place % 2:
        services.append(
            {
                "kind": "telephony",
                "login": number,
                "offers": [{"code": "TALK-FLAT", "monthly_fee": "19.90"}],
            }
        )
    return parse_account_line(
        {
            "number": number,
            "name": f"{name} {place}",
            "rank": RANKS[place % len(RANKS)],
            "email": f"{number.lower()}@example.org",
            "created_on": (FIRST_DAY + timedelta(days=place % 1800)).isoformat(),
            "billing_day_of_month": 1 + place % 28,
            "status": "ACTIVE" if is_head else STATUSES.get(place % 13, "ACTIVE"),
            "parent": None if is_head else f"L-{head:07}",
            "parent_pays": not is_head and place % 2 == 0,
            "payment_method": {"kind": "DIRECT_DEBIT", "token": "tok_ok"},
            "services": services,
        }
    )
