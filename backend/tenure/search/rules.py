"""Reads a text as the number of a bill, or a part of it."""

import calendar
import re
from dataclasses import dataclass
from datetime import date, timedelta

# `B-3-20261104` is the bill of bill unit 3 for the period that ended on 4 November 2026.
BILL_NUMBER = re.compile(r"(?:b-?)?(\d{1,18})(?:-(\d{0,8}))?-?", re.ASCII | re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class BillNumberParts:
    """What a text says about the number of a bill: its bill unit, the end of its period, or both.

    `ends_from` and `ends_to` are a half-open interval. `date_digits` begin the date in the number.
    """

    bill_unit_id: int | None = None
    date_digits: str = ""
    ends_from: date | None = None
    ends_to: date | None = None


def bill_number_parts(text: str) -> list[BillNumberParts]:
    """How a text can be read as a part of a bill number; empty if it is none."""
    found = BILL_NUMBER.fullmatch(text.strip())
    if found is None:
        return []
    first, digits = found.groups()
    readings = [BillNumberParts(bill_unit_id=int(first), date_digits=digits or "")]
    interval = _interval(first)
    if digits is None and interval is not None:
        readings.append(BillNumberParts(None, "", *interval))
    return readings


def _interval(digits: str) -> tuple[date, date] | None:
    """The month of six digits, or the day of eight."""
    try:
        if len(digits) == 8:
            day = date.fromisoformat(digits)
            return day, day + timedelta(days=1)
        if len(digits) == 6:
            first = date.fromisoformat(f"{digits}01")
            length = calendar.monthrange(first.year, first.month)[1]
            return first, first + timedelta(days=length)
    except (ValueError, OverflowError):
        return None
    return None
