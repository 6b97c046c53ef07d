"""Reads a text as the number of a bill, or a part of it."""

import calendar
import re
from dataclasses import dataclass
from datetime import date, timedelta

from tenure.kernel.search_text import DASH, without_punctuation

LONGEST_DATE = 8
LONGEST_READ = 64

# `B-3-20261104` is the bill of bill unit 3 for the period that ended on 4 November 2026. It is also
# found without its dashes, after a word for a bill, and by the month or the day alone.
WORD = r"(?:bills?|invoices?|inv|rechnung(?:snummer|en)?|rg|re)\b[\s.:]*"
SIGN = r"(?:(?:no|nr|number|nummer)\b[\s.:]*|#\s*)"
BILL_NUMBER = re.compile(
    rf"(?:{WORD})?{SIGN}?(b?)[\s-]*(\d{{1,18}})((?:[\s./-]+\d{{1,8}}){{0,3}})[\s./-]*",
    re.ASCII | re.IGNORECASE,
)


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
    plain = DASH.sub("-", without_punctuation(text))
    found = BILL_NUMBER.fullmatch(plain) if len(plain) <= LONGEST_READ else None
    if found is None:
        return []
    letter, first, more = found.groups()
    rest = re.findall(r"\d+", more)
    # A month or a day in one digit is whole, or the first digit of one.
    padded = [*rest[:1], *(digits.zfill(2) for digits in rest[1:])]
    readings = [
        BillNumberParts(bill_unit_id=int(first), date_digits=digits)
        for digits in dict.fromkeys(["".join(rest), "".join(padded)])
        if len(digits) <= LONGEST_DATE
    ]
    days = [digits.zfill(2) for digits in rest]
    interval = None if letter and rest else _interval("".join([first, *days]))
    if interval is not None:
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
