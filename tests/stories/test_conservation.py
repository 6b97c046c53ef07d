"""Random months of several accounts: after each bill day all sums are right to the cent.

TENURE_TEST_EXAMPLES=500 runs more examples.
"""

import os
from datetime import date
from typing import TypeAlias

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.repetitions import repetitions
from tests.stories.money_checks import check_money, check_rerun_changes_nothing
from tests.stories.money_scenario import DAY, MoneyScenario, Step
from tests.stories.tenure_driver import TenureDriver
from tests.stories.test_status_machine import driver

__all__ = ["driver"]

# First date, billing days, operations.
Plan: TypeAlias = tuple[date, tuple[int, int], list[Step]]
EXAMPLES = os.environ.get("TENURE_TEST_EXAMPLES")
SETTINGS = settings(
    max_examples=repetitions("TENURE_TEST_EXAMPLES", 4, 6),
    deadline=None,
    database=None,
    derandomize=EXAMPLES is None,
    print_blob=True,
    suppress_health_check=list(HealthCheck),
)
OPERATIONS = (
    "purchase",
    "defer",
    "dispute",
    "settle",
    "adjust_amount",
    *2 * ("change_status", "use_service", "pay", "change_payer"),
)

billing_days = st.integers(1, 31)
steps = st.builds(
    Step,
    operation=st.sampled_from(OPERATIONS),
    who=st.integers(0, 11),
    what=st.integers(0, 11),
    cents=st.integers(1, 20_000),
    days=st.sampled_from([0, 1, 2, 3, 9, 20]),
)
plans = st.tuples(
    st.dates(date(2026, 11, 1), date(2028, 3, 1)),
    st.tuples(billing_days, billing_days),
    st.lists(steps, min_size=10, max_size=18),
)


async def run_plan(driver: TenureDriver, story: Plan) -> None:
    """Execute the steps with all bill days and deferred actions; at the end repeat a bill day."""
    began, days, plan = story
    await driver.empty()
    scenario = MoneyScenario(driver.runtime, began)
    await scenario.set_up(days)
    for step in plan:
        await scenario.execute(step)
        await advance_days(scenario, step.days)
    await advance_days(scenario, (await scenario.next_job_date() - scenario.today).days)
    await check_rerun_changes_nothing(scenario)


async def advance_days(scenario: MoneyScenario, many: int) -> None:
    """Advance the date by `many` days and run the bill days among them."""
    until = scenario.today + many * DAY
    while (on := await scenario.next_job_date()) <= until:
        await scenario.advance_to(on)
        await scenario.bill_day()
        await check_money(scenario)
    await scenario.advance_to(until)


@pytest.mark.thorough
@pytest.mark.usefixtures("anyio_backend")  # The database fixtures are asynchronous.
@pytest.mark.timeout(0)
def test_money_is_conserved(driver: TenureDriver) -> None:
    many = (
        SETTINGS
        if driver.runtime.database.is_sqlite or EXAMPLES
        else settings(SETTINGS, max_examples=SETTINGS.max_examples // 2)
    )

    @many
    @given(plans)
    def conserved(story: Plan) -> None:
        driver.runner.run(run_plan(driver, story))

    conserved()
