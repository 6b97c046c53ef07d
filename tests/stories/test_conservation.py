"""Random months of a household: after each bill day every sum holds, to the cent. TENURE_TEST_EXAMPLES=500 looks further."""

import os
from datetime import date
from typing import TypeAlias

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.stories.conservation import check_again_changes_nothing, check_money
from tests.stories.money_moves import DAY, Household, Move
from tests.stories.standing_program import Program
from tests.stories.test_standing_machine import program

__all__ = ["program"]

# When it begins, the billing days, and what is done.
Story: TypeAlias = tuple[date, tuple[int, int], list[Move]]
EXAMPLES = os.environ.get("TENURE_TEST_EXAMPLES")
SETTINGS = settings(
    max_examples=int(EXAMPLES or 6),
    deadline=None,
    database=None,
    derandomize=EXAMPLES is None,
    print_blob=True,
    suppress_health_check=list(HealthCheck),
)
VERBS = ("buy", "defer", "dispute", "settle", "correct", *2 * ("toggle", "use", "pay", "change"))

billing_days = st.integers(1, 31)
moves = st.builds(
    Move,
    verb=st.sampled_from(VERBS),
    who=st.integers(0, 11),
    what=st.integers(0, 11),
    cents=st.integers(1, 20_000),
    days=st.sampled_from([0, 1, 2, 3, 9, 20]),
)
stories = st.tuples(
    st.dates(date(2026, 11, 1), date(2028, 3, 1)),
    st.tuples(billing_days, billing_days),
    st.lists(moves, min_size=10, max_size=18),
)


async def tell(program: Program, story: Story) -> None:
    """Every bill day on its date, and every promise; in the end the bill day is done once more."""
    began, days, plan = story
    await program.empty()
    household = Household(program.runtime, began)
    await household.move_in(days)
    for move in plan:
        await household.do(move)
        await pass_days(household, move.days)
    await pass_days(household, (await household.next_job() - household.today).days)
    await check_again_changes_nothing(household)


async def pass_days(household: Household, many: int) -> None:
    """So many days pass, with the bill days among them."""
    until = household.today + many * DAY
    while (on := await household.next_job()) <= until:
        await household.live_until(on)
        await household.bill_day()
        await check_money(household)
    await household.live_until(until)


@pytest.mark.usefixtures("anyio_backend")  # The fixtures that make the databases are asynchronous.
@pytest.mark.timeout(0)
def test_money_is_conserved(program: Program) -> None:
    many = (
        SETTINGS
        if program.runtime.database.is_sqlite or EXAMPLES
        else settings(SETTINGS, max_examples=3)
    )

    @many
    @given(stories)
    def conserved(story: Story) -> None:
        program.runner.run(tell(program, story))

    conserved()
