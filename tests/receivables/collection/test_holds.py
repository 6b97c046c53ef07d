"""Rules 7.3, 7.4 and 9: which failed payment puts the DEBT hold on, what lifts it, and who else may
decide.
"""

from collections.abc import Callable, Mapping
from datetime import date, timedelta
from decimal import Decimal
from types import SimpleNamespace

import pytest

from tenure.accounts.models import Rank
from tenure.events.models import EventKind
from tenure.holds.models import Cause, Status
from tenure.kernel.unit import Runtime, Unit
from tenure.payments.actions import add_payment_method
from tenure.payments.models import Payment, PaymentMethodKind, PaymentStatus
from tenure.payments.rules import NewPaymentMethod
from tenure.policies import AccountFacts, Hold, PaymentOutcome, PaymentResult, Refusal, policy
from tenure.policies.queries import with_plugins
from tenure.receivables.collection import actions
from tenure.receivables.overdue import actions as overdue
from tenure.receivables.receipts.actions import hold_for_debt, record_payment
from tenure.status.cascades.rules import HoldReason
from tests.builders import child, service, set_account
from tests.checks import account_state, events, nothing_written, row, rows, service_state
from tests.conftest import ANA
from tests.receivables.collection.bank import Bank, collect, days, look, opened
from tests.receivables.receipts.bills import (
    DECEMBER,
    JANUARY,
    billed,
    number_of,
    open_amounts,
    payer,
)

DUE = DECEMBER + timedelta(days=30)
HELD = "INACTIVE (INACTIVE DEBT)"


@pytest.fixture
def bank(monkeypatch: pytest.MonkeyPatch) -> Bank:
    """The gateway."""
    return opened(monkeypatch)


@pytest.fixture
async def carla(runtime: Runtime) -> int:
    """An account that pays by card; whether it can, its token says."""
    async with runtime.unit(ANA) as unit:
        return await payer(unit, token="tok_carla", rank=Rank.GOLD, number="A-1")


@pytest.mark.parametrize(
    ("outcome", "why"),
    [
        (PaymentOutcome.INVALID_CARD, "the card or account is not valid"),
        (PaymentOutcome.EXPIRED, "the card has expired"),
    ],
)
async def test_card_that_is_not_valid(
    runtime: Runtime, carla: int, bank: Bank, outcome: PaymentOutcome, why: str
) -> None:
    """Rules 7.3: it holds at once, as a change of status like any other: with cause, reason, and
    all that follows.
    """
    async with runtime.unit(ANA) as unit:
        line, paid = await service(unit, carla), await child(unit, carla)
    number = await number_of(runtime, await billed(runtime, carla, "25.00"))
    bank.outcomes["tok_carla"] = outcome
    await collect(runtime, DECEMBER)
    assert await account_state(runtime, carla) == HELD
    assert await service_state(runtime, line) == "INACTIVE (INACTIVE ACCOUNT)"
    assert await account_state(runtime, paid) == "INACTIVE (INACTIVE PARENT)"
    [failed] = await events(runtime, EventKind.PAYMENT)
    held = (await events(runtime, account_id=carla))[0]
    assert (held.cause, held.to_status, held.followed_id) == (
        Cause.DEBT,
        Status.INACTIVE,
        failed.id,
    )
    words = f"Payment of 25.00 USD failed (Visa ···· 4242, bill {number}): {why}"
    assert (failed.description, held.reason) == (words, words)
    [payment] = await rows(runtime, Payment)
    assert payment.status is PaymentStatus.FAILED
    assert failed.details == {
        "payment": payment.id,
        "amount": "25.00",
        "currency": "USD",
        "result": outcome,
        "operation": "PAYMENT_FAILED",
        "bill": number,
        "kind": "CREDIT_CARD",
        "brand": "Visa",
        "lastFour": "4242",
        "gateway": "bank-1",
    }


async def test_failed_validation_after_29_and_30_days(
    runtime: Runtime, carla: int, bank: Bank
) -> None:
    """Rules 7.3: the days count from the due date. 29: no, 30: yes; the next day nothing more
    happens.
    """
    await billed(runtime, carla, "25.00")
    bank.outcomes["tok_carla"] = PaymentOutcome.VALIDATION_FAILED
    await days(runtime, 0, 3, 7, 14, 30, 31, 58, 59)
    assert await account_state(runtime, carla) == "ACTIVE"
    await days(runtime, 60)
    assert await account_state(runtime, carla) == HELD
    [held] = await events(runtime, account_id=carla)
    assert held.reason == "30 days past due, and the last payment failed: the validation failed"
    assert held.followed_id == (await events(runtime, EventKind.PAYMENT))[-1].id
    async with nothing_written(runtime):
        await look(runtime, DUE + timedelta(days=30))


async def test_failed_validation_while_an_older_bill_is_past_due(
    runtime: Runtime, carla: int, bank: Bank
) -> None:
    """Rules 7.3: an item of the account is past due by 30 days when another bill's validation
    fails: at once.
    """
    await billed(runtime, carla, "25.00", DECEMBER)
    bank.outcomes["tok_carla"] = PaymentOutcome.INSUFFICIENT_FUNDS
    await days(runtime, 0, 30)
    await billed(runtime, carla, "25.00", JANUARY)
    await billed(runtime, carla, "25.00", date(2027, 2, 1))
    bank.outcomes["tok_carla"] = PaymentOutcome.VALIDATION_FAILED
    await collect(runtime, date(2027, 2, 1), limit=1)
    assert await account_state(runtime, carla) == HELD


@pytest.mark.parametrize("days_late", [0, 1])
async def test_overdue_counts_from_the_day_after(
    runtime: Runtime, carla: int, bank: Bank, days_late: int
) -> None:
    """Rules 7.3: on the due date nothing is past due yet."""
    asked: list[int] = []

    def payment_failed(days_past_due: int) -> None:
        asked.append(days_past_due)

    await billed(runtime, carla, "25.00")
    bank.outcomes["tok_carla"] = PaymentOutcome.VALIDATION_FAILED
    await days(runtime, 0, 3, 7, 14)
    with pytest.MonkeyPatch.context() as patched:
        decide(patched, payment_failed)
        await look(runtime, DUE + timedelta(days=days_late))
    assert asked == ([1] if days_late else [])


async def test_lifted_by_hand_stays_lifted_until_the_next_failure(
    runtime: Runtime, carla: int, bank: Bank
) -> None:
    """Rules 2.2 and 7.3, reading: a failed payment holds once; who lifted that has decided."""
    await billed(runtime, carla, "25.00")
    bank.outcomes["tok_carla"] = PaymentOutcome.EXPIRED
    await days(runtime, 0, 3, 7, 14, 30)
    assert await account_state(runtime, carla) == HELD
    async with runtime.unit(ANA) as unit:
        await set_account(unit, carla, Status.ACTIVE)
    await days(runtime, 31, 32, 60, 70)
    assert await account_state(runtime, carla) == "ACTIVE"
    await billed(runtime, carla, "5.00", date(2027, 1, 1))
    await collect(runtime, date(2027, 2, 10))
    assert await account_state(runtime, carla) == HELD


async def test_paid_is_released(runtime: Runtime, carla: int, bank: Bank) -> None:
    """Rules 7.4: the DEBT hold goes with all that followed; the event says why. Not before
    everything is paid.
    """
    async with runtime.unit(ANA) as unit:
        line = await service(unit, carla)
    await billed(runtime, carla, "25.00")
    bank.outcomes["tok_carla"] = PaymentOutcome.EXPIRED
    await collect(runtime, DECEMBER)
    async with runtime.unit(ANA) as unit:
        await record_payment(unit, carla, amount=Decimal("24.99"), reference="R-1")
    assert await account_state(runtime, carla) == HELD
    async with runtime.unit(ANA) as unit:
        await record_payment(unit, carla, amount=Decimal("0.01"), reference="R-2")
    assert await account_state(runtime, carla) == "ACTIVE"
    assert await service_state(runtime, line) == "ACTIVE"
    released = (await events(runtime, account_id=carla))[2]
    assert (released.cause, released.to_status, released.reason) == (
        Cause.DEBT,
        Status.ACTIVE,
        "Debt paid",
    )


async def test_new_card_releases(runtime: Runtime, carla: int, bank: Bank) -> None:
    """Rules 7.1 and 7.4: the next collection takes the new card, and what is paid is released."""
    await billed(runtime, carla, "25.00")
    bank.outcomes["tok_carla"] = PaymentOutcome.EXPIRED
    await collect(runtime, DECEMBER)
    async with runtime.unit(ANA) as unit:
        await add_payment_method(
            unit, NewPaymentMethod(carla, kind=PaymentMethodKind.DIRECT_DEBIT, token="tok_new")
        )
    await days(runtime, 1, 2, 3)
    assert await open_amounts(runtime, carla) == ["0"]
    assert await account_state(runtime, carla) == "ACTIVE"


async def test_past_due_elsewhere_is_not_released(runtime: Runtime, carla: int, bank: Bank) -> None:
    """Rules 7.4: what was owed past due: all of it, on whatever bill; what is not due yet holds
    nobody.
    """
    december = await billed(runtime, carla, "25.00", DECEMBER)
    january = await billed(runtime, carla, "20.00", JANUARY)
    bank.outcomes["tok_carla"] = PaymentOutcome.INVALID_CARD
    await collect(runtime, JANUARY)
    assert await account_state(runtime, carla) == HELD
    async with runtime.unit(ANA) as unit:
        await record_payment(unit, carla, amount=Decimal(20), reference="R-1", bill_id=january)
    assert await account_state(runtime, carla) == HELD
    await billed(runtime, carla, "5.00", date(2027, 2, 1))
    async with runtime.unit(ANA) as unit:
        await record_payment(unit, carla, amount=Decimal(25), reference="R-2", bill_id=december)
    assert await account_state(runtime, carla) == "ACTIVE"


async def test_other_holds_stay(runtime: Runtime, carla: int, bank: Bank) -> None:
    """Rules 7.4: only the DEBT hold goes."""
    await billed(runtime, carla, "25.00")
    bank.outcomes["tok_carla"] = PaymentOutcome.EXPIRED
    await collect(runtime, DECEMBER)
    async with runtime.unit(ANA) as unit:
        await set_account(unit, carla, Status.INACTIVE)
        await record_payment(unit, carla, amount=Decimal(25), reference="R-1")
    assert await account_state(runtime, carla) == "INACTIVE (INACTIVE MANUAL)"


async def test_closed_account_is_held_enough(runtime: Runtime, carla: int, bank: Bank) -> None:
    """Rules 6.8: its final bill may fail; that changes nothing about its status."""
    await billed(runtime, carla, "25.00")
    async with runtime.unit(ANA) as unit:
        await set_account(unit, carla, Status.CLOSED)
    bank.outcomes["tok_carla"] = PaymentOutcome.EXPIRED
    await collect(runtime, DECEMBER)
    assert await account_state(runtime, carla) == "CLOSED (CLOSED MANUAL)"


async def test_closing_debt_hold(runtime: Runtime, carla: int) -> None:
    """Rules 9 and 7.4: a plug-in may want to close; what is paid lifts that too."""
    await billed(runtime, carla, "25.00")
    async with runtime.unit(ANA) as unit:
        await hold_for_debt(unit, carla, Status.CLOSED, reason="A plug-in says so")
    assert await account_state(runtime, carla) == "CLOSED (CLOSED DEBT)"
    async with runtime.unit(ANA) as unit:
        await record_payment(unit, carla, amount=Decimal(25), reference="R-1")
    assert await account_state(runtime, carla) == "ACTIVE"


def decide(patched: pytest.MonkeyPatch, answer: Callable[..., Hold | None]) -> None:
    """Install a plug-in that decides about failed payments."""
    policies = with_plugins(SimpleNamespace(payment_failed=policy(answer)))
    patched.setattr(actions, "installed", lambda: policies)


async def test_plugin_decides(
    runtime: Runtime, carla: int, bank: Bank, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Rules 9: with the facts of the account and of the payment; what has no opinion is left to the
    default.
    """
    asked: list[tuple[str, str | None, PaymentResult, int]] = []

    def payment_failed(
        account: AccountFacts, result: PaymentResult, days_past_due: int
    ) -> Hold | None:
        asked.append((account.number, account.rank, result, days_past_due))
        return Hold(Status.ACTIVE) if account.rank == "GOLD" else None

    decide(monkeypatch, payment_failed)
    async with runtime.unit(ANA) as unit:
        other = await payer(unit, "Other", token="tok_carla", number="A-2")
    for account_id in (carla, other):
        await billed(runtime, account_id, "25.00")
    bank.outcomes["tok_carla"] = PaymentOutcome.EXPIRED
    await collect(runtime, DECEMBER)
    result = PaymentResult(PaymentOutcome.EXPIRED, Decimal(25), "USD", 30)
    assert asked == [("A-1", "GOLD", result, 0), ("A-2", None, result, 0)]
    assert await account_state(runtime, carla) == "ACTIVE"
    assert await account_state(runtime, other) == HELD


async def test_plugin_that_raises(
    runtime: Runtime, carla: int, bank: Bank, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Rules 9 and 6.5: with its message; nothing is half done, the others go on, and the next run
    settles it.
    """

    def payment_failed(account: AccountFacts) -> Hold | None:
        if account.rank == "GOLD":
            raise Refusal("Ask their manager.")
        return None

    async with runtime.unit(ANA) as unit:
        other = await payer(unit, "Other", token="tok_carla")
    for account_id in (carla, other):
        await billed(runtime, account_id, "25.00")
    bank.outcomes["tok_carla"] = PaymentOutcome.EXPIRED
    with monkeypatch.context() as patched:
        decide(patched, payment_failed)
        assert await collect(runtime, DECEMBER) == {carla: "Ask their manager."}
    [payment] = await rows(runtime, Payment, account_id=carla)
    assert (payment.status, payment.result, payment.event_id) == (PaymentStatus.PENDING, None, None)
    assert await account_state(runtime, other) == HELD
    assert await account_state(runtime, carla) == "ACTIVE"
    assert await collect(runtime, DECEMBER) == {}
    assert await account_state(runtime, carla) == HELD
    assert len(bank.answered) == 2


async def test_plugin_that_raises_for_overdue_accounts(
    runtime: Runtime, carla: int, bank: Bank, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Rules 9 and 6.5: the others are looked at, also in chunks of one."""

    def payment_failed(account: AccountFacts, days_past_due: int) -> Hold | None:
        if days_past_due and account.rank == "GOLD":
            raise Refusal("Ask their manager.")
        return Hold(Status.INACTIVE) if days_past_due else None

    async with runtime.unit(ANA) as unit:
        others = [await payer(unit, name, token="tok_carla") for name in ("One", "Two")]
    for account_id in (carla, *others):
        await billed(runtime, account_id, "25.00")
    bank.outcomes["tok_carla"] = PaymentOutcome.INSUFFICIENT_FUNDS
    decide(monkeypatch, payment_failed)
    await collect(runtime, DECEMBER)
    assert await look(runtime, DUE + timedelta(days=1), limit=1) == {carla: "Ask their manager."}
    assert [await account_state(runtime, it) for it in (carla, *others)] == ["ACTIVE", HELD, HELD]
    assert (await row(runtime, Payment, 1)).status is PaymentStatus.FAILED


async def test_unforeseen_fault_while_looking(
    runtime: Runtime, carla: int, bank: Bank, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Rules 6.5: one account is quarantined, the others are reviewed."""
    async with runtime.unit(ANA) as unit:
        other = await payer(unit, "Other", token="tok_carla")
    for account_id in (carla, other):
        await billed(runtime, account_id, "25.00")
    bank.outcomes["tok_carla"] = PaymentOutcome.VALIDATION_FAILED
    await collect(runtime, DECEMBER)
    real = overdue.hold_accounts_for_debt

    async def hold_all(unit: Unit, effect: Status, why: Mapping[int, HoldReason]) -> None:
        if carla in why:
            raise ZeroDivisionError
        await real(unit, effect, why)

    monkeypatch.setattr(overdue, "hold_accounts_for_debt", hold_all)
    refused = await look(runtime, DUE + timedelta(days=30))
    assert refused == {carla: "Unexpected error (ZeroDivisionError)."}
    assert [await account_state(runtime, it) for it in (carla, other)] == ["ACTIVE", HELD]
