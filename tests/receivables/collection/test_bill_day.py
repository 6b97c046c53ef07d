"""Rules 6.5 and 7.3: the bill day as a whole collects with the simulated gateway, and looks at what
is overdue.
"""

from datetime import date, timedelta
from types import SimpleNamespace

import pytest

from tenure.billing.bills.models import Bill, BillStatus
from tenure.jobs.models import JobKind, JobRun, JobRunStatus, QuarantinedAccount
from tenure.kernel.unit import Runtime, Unit
from tenure.payments.models import Payment, PaymentStatus
from tenure.policies import AccountFacts, Refusal, policy
from tenure.policies.queries import with_plugins
from tenure.receivables.collection import actions
from tests.builders import run_job
from tests.checks import account_state, row, rows
from tests.conftest import ANA, NOON, set_clock
from tests.graphql.caller import sent_statements
from tests.receivables.collection.bank import collect
from tests.receivables.receipts.bills import DECEMBER, billed, charge, noon, payer

NOVEMBER = DECEMBER - timedelta(days=1)
TOKENS = ("tok_ok", "tok_expired", "tok_validation_failed", "tok_no_answer")


async def bill_day(runtime: Runtime, on: date) -> JobRun:
    """The whole day, at its noon."""
    await set_clock(runtime, noon(on))
    return await row(runtime, JobRun, await run_job(runtime, on, kind=JobKind.BILL_DAY))


async def customers(unit: Unit, *tokens: str) -> list[int]:
    """An account that owes 25.00 of November, for each of these cards."""
    made = [
        await payer(unit, token, token=token, number=f"A-{place}")
        for place, token in enumerate(tokens)
    ]
    for account_id in made:
        await charge(unit, account_id, "25.00", NOVEMBER)
    return made


async def test_whole_days(runtime: Runtime) -> None:
    """What each token leads to: on the day, on the next one, and when 30 days have passed since the
    due date.
    """
    async with runtime.unit(ANA) as unit:
        made = await customers(unit, *TOKENS)
    run = await bill_day(runtime, DECEMBER)
    assert run.status is JobRunStatus.DONE
    stands = [await account_state(runtime, account_id) for account_id in made]
    assert stands == ["ACTIVE", "INACTIVE (INACTIVE DEBT)", "ACTIVE", "ACTIVE"]
    assert [bill.status for bill in await rows(runtime, Bill)] == [
        BillStatus.PAID,
        *[BillStatus.OPEN] * 3,
    ]
    await bill_day(runtime, DECEMBER + timedelta(days=1))
    assert [bill.status for bill in await rows(runtime, Bill)] == [
        *(BillStatus.PAID, BillStatus.OPEN, BillStatus.OPEN, BillStatus.PAID),
    ]
    for after in (30, 31, 59):
        await bill_day(runtime, DECEMBER + timedelta(days=after))
    assert await account_state(runtime, made[2]) == "ACTIVE"
    await bill_day(runtime, DECEMBER + timedelta(days=60))
    assert await account_state(runtime, made[2]) == "INACTIVE (INACTIVE DEBT)"


async def test_account_that_fails_is_set_aside(
    runtime: Runtime, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Rules 6.5 and 9: with the plug-in's reason; the others go on, and the next run of the same
    date makes up for it.
    """

    def payment_failed(account: AccountFacts) -> None:
        if account.number == "A-0":
            raise Refusal("Ask their manager.")

    async with runtime.unit(ANA) as unit:
        carla, other = await customers(unit, "tok_expired", "tok_expired")
    with monkeypatch.context() as patched:
        policies = with_plugins(SimpleNamespace(payment_failed=policy(payment_failed)))
        patched.setattr(actions, "installed", lambda: policies)
        run = await bill_day(runtime, DECEMBER)
    assert (run.status, run.failed) == (JobRunStatus.DONE_WITH_FAILURES, 1)
    [quarantined] = await rows(runtime, QuarantinedAccount)
    assert (quarantined.job_run_id, quarantined.account_id, quarantined.reason) == (
        run.id,
        carla,
        "Ask their manager.",
    )
    assert await account_state(runtime, other) == "INACTIVE (INACTIVE DEBT)"
    assert await account_state(runtime, carla) == "ACTIVE"
    assert (await bill_day(runtime, DECEMBER)).status is JobRunStatus.DONE
    assert await account_state(runtime, carla) == "INACTIVE (INACTIVE DEBT)"
    assert [it.status for it in await rows(runtime, Payment)] == [PaymentStatus.FAILED] * 2


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
@pytest.mark.parametrize("token", ["tok_ok", "tok_expired"])
async def test_number_of_statements(runtime: Runtime, token: str) -> None:
    """The same few, however many payments there are in a chunk, and whether they succeed or put
    accounts on hold.
    """
    sent: dict[int, int] = {}
    for many in (2, 12):
        await set_clock(runtime, NOON)
        async with runtime.unit(ANA) as unit:
            made = [await payer(unit, token=token) for _ in range(many)]
        for account_id in made:
            await billed(runtime, account_id, "25.00")
        with sent_statements(runtime.database) as statements:
            await collect(runtime, DECEMBER)
            sent[many] = len(statements)
    assert sent[2] == sent[12] <= 40
