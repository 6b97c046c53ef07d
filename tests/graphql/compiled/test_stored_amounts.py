"""PostgreSQL reads amounts that are stored without the statements that compute those of others."""

from datetime import date
from decimal import Decimal

import pytest

from tenure.graphql.compiled.statements import LONGEST_PAUSE, Guess
from tenure.kernel.unit import Runtime
from tenure.settings.queries import BusinessReader
from tests import bill_rows, builders
from tests.benchmarks.page_statements import Recorder
from tests.conftest import ANA
from tests.graphql.compiled.comparing import BothWays

BILL = "query($number: String!) { bill(number: $number) { totalDue { amount } } }"
MADE, PENDING = date(2026, 10, 10), date(2026, 11, 10)


async def computed(both: BothWays, number: str) -> list[bool]:
    """Whether each statement for a bill can compute the amounts of a pending one."""
    database = both.runtime.database
    assert isinstance(database, Recorder)
    database.sent.clear()
    response = await both.by_statement(BILL, {"number": number})
    found = ["paid_unit" in statement for statement, _ in database.sent]
    assert response == await both.by_resolvers(BILL, {"number": number})
    return found


async def two_bills(runtime: Runtime) -> None:
    """One that is made, and one that is pending, of the same bill unit."""
    async with runtime.unit(ANA) as unit:
        bill_unit = await builders.default_bill_unit_id(unit, await builders.account(unit))
        for number, end in (("made", MADE), ("pending", PENDING)):
            bill = await bill_rows.bill(
                unit, bill_unit, end, number=number, made=end == MADE, current_charges=Decimal(7)
            )
            await bill_rows.item(unit, bill, bill_unit)


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
async def test_stored_amounts_are_read_first(runtime: Runtime, database_url: str) -> None:
    """After a pending bill the next one is expected to be pending too."""
    await two_bills(runtime)
    database = Recorder(database_url)
    both = BothWays(Runtime(database, BusinessReader(clock_settable=True)))
    try:
        assert await computed(both, "made") == [False]
        assert await computed(both, "pending") == [False, True]
        assert await computed(both, "pending") == [True]
        assert await computed(both, "made") == [False]
        assert await computed(both, "made") == [False]
        assert both.compiled.fallbacks == {}
    finally:
        await database.close()


async def test_both_kinds_in_one_answer(runtime: Runtime) -> None:
    await two_bills(runtime)
    both = BothWays(runtime)
    document = "{ bills { nodes { number totalDue { amount } payments { amount } } } }"
    for _ in range(3):
        response = await both.equal(document)
    assert b'"pending"' in response
    assert b'"made"' in response
    assert both.compiled.fallbacks == {}


@pytest.mark.parametrize("requests", [1_000, 10_000])
def test_a_guess_that_is_always_wrong_is_seldom_made(requests: int) -> None:
    guess, tried = Guess(), 0
    for _ in range(requests):
        if guess.is_worth_trying():
            tried += 1
            guess.learn(was_enough=False)
    assert requests / LONGEST_PAUSE / 1.1 < tried < requests / LONGEST_PAUSE + 10


def test_a_right_guess_is_made_again() -> None:
    guess = Guess()
    for _ in range(20):
        if guess.is_worth_trying():
            guess.learn(was_enough=False)
    while not guess.is_worth_trying():
        pass
    guess.learn(was_enough=True)
    assert all(guess.is_worth_trying() for _ in range(5))
