"""The random months find what they are there for: faults of money, each put in by changing a line of one function."""

import pytest
from hypothesis import Phase, given, settings

from tenure.batch.bill_day import actions as bill_day
from tenure.billing.bills import actions as billing
from tenure.billing.charges import actions as charging
from tenure.billing.credits import actions as credits
from tenure.billing.cycle_fees import actions as cycle_fees
from tenure.billing.proration import rules as charges
from tenure.billing.rating import rules as rating
from tenure.disputes import actions as disputes
from tenure.hierarchy.payers import actions as payers
from tenure.usage.recording import rules as usage
from tests.stories.standing_program import Program
from tests.stories.test_conservation import EXAMPLES, SETTINGS, Story, stories, tell
from tests.stories.test_standing_machine import program
from tests.stories.test_standing_machine_catches import put_in

__all__ = ["program"]

POSTING = "await unit.session.execute(_insert_events(event_rows))"
# A function, a piece of its source, and what stands there instead. All are tried where TENURE_TEST_EXAMPLES is set.
FAULTS = {
    "an event is posted twice": (billing, "post_selected", POSTING, f"{POSTING}; {POSTING}"),
    "a fee is not given back": (
        charges,
        "differences",
        "- fee_posted\n        if missing.amount:",
        "- fee_posted\n        if missing.amount > 0:",
    ),
    "half a cent is left out": (
        charges,
        "_prorated",
        "rounded(exact, currency)",
        "rounded(exact - Decimal('0.005'), currency)",
    ),
    "whole cycles are rounded down": (
        cycle_fees,
        "_rounded",
        "(millionths + minor // 2)",
        "millionths",
    ),
    "the cancel fee is forgotten": (
        charging,
        "correct_charges",
        "is Status.CLOSED",
        "is Status.INACTIVE",
    ),
    "what passes stays with the child too": (
        bill_day,
        "_transfer",
        "(-moved.c.amount)",
        "(-moved.c.amount + 1)",
    ),
    "unbilled charges stay with the payer": (
        payers,
        "unassign_payer",
        "await move_unbilled(unit, ids)",
        "pass",
    ),
    "a settled dispute is still held": (
        disputes,
        "settle_dispute",
        "held=-dispute.amount",
        "held=-dispute.amount + 1",
    ),
    "discounts are taken off for days inactive": (
        charges,
        "prorated_discounts",
        "_overlaps(fee.active, discount.active)",
        "fee.active",
    ),
    "usage is free on the day": (
        usage,
        "usage_charges",
        "amount=price.amount",
        "amount=price.amount * (line.quantity > 9)",
    ),
    "each use is rounded by itself": (rating, "add_to_rounded", "remainder + exact", "exact"),
    "a credit is used twice": (
        credits,
        "_use_unbilled",
        "taken = await post(unit, charges)",
        "taken = [1] * len(rows)",
    ),
}
QUICKLY_FOUND = 3


@pytest.mark.usefixtures("anyio_backend")
@pytest.mark.timeout(0)
@pytest.mark.parametrize("fault", list(FAULTS)[: None if EXAMPLES else QUICKLY_FOUND])
@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_the_months_catch(program: Program, monkeypatch: pytest.MonkeyPatch, fault: str) -> None:
    put_in(monkeypatch, *FAULTS[fault])

    @settings(SETTINGS, phases=[Phase.generate], report_multiple_bugs=False, max_examples=60)
    @given(stories)
    def conserved(story: Story) -> None:
        program.runner.run(tell(program, story))

    with pytest.raises(AssertionError):
        conserved()
