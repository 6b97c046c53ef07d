"""Lines of the import format, as many as wanted: families of ten accounts, as a file."""

from datetime import date, timedelta
from pathlib import Path

import orjson

FAMILY = 10
FIRST_DAY = date(2020, 1, 1)
PLANS = (("FIBER-500", "39.90"), ("FIBER-1000", "59.90"), ("DSL-50", "24.90"))
STATUSES = {7: "INACTIVE", 11: "CLOSED"}


def write_lines(file: Path, accounts: int, *, prefix: str = "L") -> None:
    """One account heads the nine after it and pays for every other one."""
    with file.open("wb") as lines:
        for place in range(accounts):
            lines.write(orjson.dumps(_line(place, prefix)) + b"\n")


def _line(place: int, prefix: str) -> dict[str, object]:
    head = place - place % FAMILY
    number = f"{prefix}-{place:07}"
    plan, fee = PLANS[place % len(PLANS)]
    return {
        "number": number,
        "name": f"Customer {place % 997} of {place}",
        "email": f"{number.lower()}@example.org",
        "created_on": (FIRST_DAY + timedelta(days=place % 1800)).isoformat(),
        "billing_day_of_month": 1 + place % 28,
        "status": "ACTIVE" if place == head else STATUSES.get(place % 13, "ACTIVE"),
        "parent": None if place == head else f"{prefix}-{head:07}",
        "parent_pays": place != head and place % 2 == 0,
        "payment_method": {"kind": "DIRECT_DEBIT", "token": "tok_ok"},
        "services": [
            {
                "kind": kind,
                "login": number,
                "offers": [{"code": code, "monthly_fee": price}],
            }
            for kind, code, price in (
                ("internet", plan, fee),
                *([("telephony", "TALK-FLAT", "19.90")] if place % 2 else []),
            )
        ],
    }
