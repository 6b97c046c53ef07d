"""`test_conservation` finds faults in billing code that are seeded by changing one function."""

import pytest
from hypothesis import Phase, given, settings

from tenure.batch.bill_day import actions as bill_day
from tenure.billing.bills import actions as billing
from tenure.billing.charges import actions as charging
from tenure.billing.credits import actions as credits
from tenure.billing.proration import rules as charges
from tenure.billing.rating import rules as rating
from tenure.disputes import actions as disputes
from tenure.hierarchy.payers import actions as payers
from tenure.kernel import money
from tenure.usage.recording import rules as usage
from tests.stories.tenure_driver import TenureDriver
from tests.stories.test_conservation import EXAMPLES, SETTINGS, Plan, plans, run_plan
from tests.stories.test_status_machine import driver
from tests.stories.test_status_machine_faults import seed_fault

__all__ = ["driver"]

POSTING = "await _execute(unit, _posting(charge, new_event_id(), followed_id), {})"
# Module, function, a part of its source and its replacement. All run with TENURE_TEST_EXAMPLES.
FAULTS = {
    "an event is posted twice": (billing, "post_selected", POSTING, f"{POSTING}; {POSTING}"),
    "a fee is not credited": (
        charges,
        "differences",
        "- fee_posted\n        if missing.amount:",
        "- fee_posted\n        if missing.amount > 0:",
    ),
    "half a cent is lost": (
        charges,
        "_prorated",
        "rounded(exact, currency)",
        "rounded(exact - Decimal('0.005'), currency)",
    ),
    "whole cycles are rounded down": (
        money,
        "rounded_in_sql",
        "(millionths + minor // 2)",
        "millionths",
    ),
    "the cancel fee is not charged": (
        charging,
        "correct_charges",
        "is Status.CLOSED",
        "is Status.INACTIVE",
    ),
    "a transfer does not sum to zero": (
        bill_day,
        "_transfer",
        "(-moved.c.amount)",
        "(-moved.c.amount + 1)",
    ),
    "unbilled charges stay with the payer": (
        payers,
        "_reassign",
        "await move_unbilled(unit, ids)",
        "{}",
    ),
    "a settled dispute stays held": (
        disputes,
        "settle_dispute",
        "held=-dispute.amount",
        "held=-dispute.amount + 1",
    ),
    "discounts apply to inactive days": (
        charges,
        "prorated_discounts",
        "_overlaps(fee.active, discount.active)",
        "fee.active",
    ),
    "small usage is free": (
        usage,
        "usage_charges",
        "amount=price.amount",
        "amount=price.amount * (line.quantity > 9)",
    ),
    "each usage line is rounded": (rating, "add_to_rounded", "remainder + exact", "exact"),
    "a credit is applied twice": (
        credits,
        "_use_unbilled",
        "taken = await post(unit, charges)",
        "taken = [1] * len(rows)",
    ),
}
DEFAULT_FAULTS = 3


@pytest.mark.parametrize("fault", FAULTS)
def test_fault_can_be_seeded(monkeypatch: pytest.MonkeyPatch, fault: str) -> None:
    """The source that it replaces exists, also for the faults that need TENURE_TEST_EXAMPLES."""
    seed_fault(monkeypatch, *FAULTS[fault])


@pytest.mark.thorough
@pytest.mark.usefixtures("anyio_backend")
@pytest.mark.timeout(0)
@pytest.mark.parametrize("fault", list(FAULTS)[: None if EXAMPLES else DEFAULT_FAULTS])
@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_seeded_fault_is_found(
    driver: TenureDriver, monkeypatch: pytest.MonkeyPatch, fault: str
) -> None:
    seed_fault(monkeypatch, *FAULTS[fault])

    @settings(SETTINGS, phases=[Phase.generate], report_multiple_bugs=False, max_examples=60)
    @given(plans)
    def conserved(story: Plan) -> None:
        driver.runner.run(run_plan(driver, story))

    with pytest.raises(AssertionError):
        conserved()
