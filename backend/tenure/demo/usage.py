"""Usage of the demo company: calls by the minute and data by the gigabyte, reported weekly."""

from collections.abc import Iterator
from datetime import timedelta
from decimal import Decimal
from functools import partial
from random import Random

from tenure.demo import people
from tenure.demo.people import EVERYONE, Customer
from tenure.demo.timeline import PORTAL, Company, Moment
from tenure.kernel.errors import TenureError
from tenure.kernel.unit import Unit
from tenure.usage.recording.actions import record_usage
from tenure.usage.recording.rules import UsageLine

# The last report, before any service ended; the number of weekly reports, and of earlier four-week
# ones.
LAST = 3.3
WEEKS = 17
MONTHS = 4
METERED = {product.code: product.usage[1] for product in people.PRODUCTS if product.usage}
# Typical usage of a customer in half a week, and its descriptions.
TYPICAL = {"minute": 40, "GB": 3}
DESCRIPTIONS = {
    "minute": ("Calls to mobile phones", "Calls within the country", "Calls abroad"),
    "GB": ("Mobile data",),
}


def usage_reports() -> list[Moment]:
    """A report for each week, and for each month before that."""
    weekly = [Moment(LAST + 7 * week, PORTAL, partial(_report, weeks=1)) for week in range(WEEKS)]
    before = weekly[-1].days_ago + 7
    monthly = [
        Moment(before + 28 * month, PORTAL, partial(_report, weeks=4)) for month in range(MONTHS)
    ]
    return weekly + monthly


async def _report(company: Company, unit: Unit, *, weeks: int) -> None:
    """Raises the error of a refused line."""
    days_ago = (company.now - unit.now) / timedelta(days=1)
    there = [
        customer for customer in EVERYONE if people.joined_days_ago(customer) > days_ago + 7 * weeks
    ]
    lines = [line for customer in there for line in _lines(unit, customer, days_ago, weeks)]
    for answer in await record_usage(unit, lines):
        if isinstance(answer, TenureError):
            raise answer


def _lines(unit: Unit, customer: Customer, days_ago: float, weeks: int) -> Iterator[UsageLine]:
    """Two lines for each metered plan, the same in every demonstration."""
    for code in {code for plan in customer.services for code in plan.split("+")} & METERED.keys():
        of = METERED[code]
        for half in range(2):
            chance = Random(f"{customer.name} {days_ago:.0f} {half}")
            quantity = TYPICAL[of] * customer.busy * weeks * chance.randint(50, 150) // 100
            at = unit.now - timedelta(days=7 * weeks * chance.uniform(half / 2, half / 2 + 0.5))
            reference = f"{customer.login}/{of}/{unit.today}/{half}"
            description = chance.choice(DESCRIPTIONS[of])
            yield UsageLine(
                people.KINDS[code],
                customer.login,
                Decimal(quantity),
                of,
                at,
                reference,
                description,
            )
