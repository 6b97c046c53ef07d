"""What the customers used: calls by the minute and data by the gigabyte, reported once a week."""

from collections.abc import Iterator
from datetime import timedelta
from decimal import Decimal
from functools import partial
from random import Random

from tenure.demo import people
from tenure.demo.days import PORTAL, Company, Moment
from tenure.demo.people import EVERYONE, Customer
from tenure.kernel.errors import TenureError
from tenure.kernel.unit import Unit
from tenure.usage.recording.actions import record_usage
from tenure.usage.recording.rules import UsageLine

# The last report, before anybody's service ended; and how many there are, the earlier ones of four weeks each.
LAST, WEEKS, MONTHS = 3.3, 17, 4
METERED = {product.code: product.usage[1] for product in people.PRODUCTS if product.usage}
# What one customer uses in half a week, and what of it is told.
TYPICAL = {"minute": 40, "GB": 3}
TOLD = {
    "minute": ("Calls to mobile phones", "Calls within the country", "Calls abroad"),
    "GB": ("Mobile data",),
}


def usage() -> list[Moment]:
    """A report for every week, and for every month before that."""
    weekly = [Moment(LAST + 7 * week, PORTAL, partial(_report, weeks=1)) for week in range(WEEKS)]
    before = weekly[-1].days_ago + 7
    monthly = [
        Moment(before + 28 * month, PORTAL, partial(_report, weeks=4)) for month in range(MONTHS)
    ]
    return weekly + monthly


async def _report(company: Company, unit: Unit, *, weeks: int) -> None:
    """Raises what a line is refused for."""
    days_ago = (company.now - unit.now) / timedelta(days=1)
    there = [customer for customer in EVERYONE if people.came(customer) > days_ago + 7 * weeks]
    lines = [line for customer in there for line in _lines(unit, customer, days_ago, weeks)]
    for answer in await record_usage(unit, lines):
        if isinstance(answer, TenureError):
            raise answer


def _lines(unit: Unit, customer: Customer, days_ago: float, weeks: int) -> Iterator[UsageLine]:
    """Two for each of what is metered, the same in every demonstration."""
    for code in {code for plan in customer.services for code in plan.split("+")} & METERED.keys():
        of = METERED[code]
        for half in range(2):
            chance = Random(f"{customer.name} {days_ago:.0f} {half}")
            quantity = TYPICAL[of] * customer.busy * weeks * chance.randint(50, 150) // 100
            at = unit.now - timedelta(days=7 * weeks * chance.uniform(half / 2, half / 2 + 0.5))
            reference = f"{customer.login}/{of}/{unit.business.today}/{half}"
            words = chance.choice(TOLD[of])
            yield UsageLine(
                people.KINDS[code], customer.login, Decimal(quantity), of, at, reference, words
            )
