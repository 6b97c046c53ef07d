"""Rules 7.3: `collectPayment` charges a method at once, by hand, and nobody is charged twice."""

import asyncio
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from typing import Any

import httpx
import pytest
from starlette.requests import HTTPConnection

from tenure.accounts.models import Account
from tenure.billing.bills.models import Bill, BillStatus
from tenure.events.models import EventKind
from tenure.graphql.http.app import graphql_app
from tenure.holds.models import Status
from tenure.kernel.actor import Actor, Role
from tenure.kernel.unit import Runtime
from tenure.payments.actions import add_payment_method
from tenure.payments.models import Payment, PaymentMethodKind, PaymentStatus
from tenure.payments.rules import NewPaymentMethod
from tenure.policies import PaymentOutcome
from tests.builders import set_account
from tests.checks import events, nothing_written, row, rows
from tests.conftest import ANA, set_clock
from tests.graphql.caller import Caller, check_refused, global_id
from tests.receivables.collection.bank import Bank, Killed, collect, opened
from tests.receivables.receipts.bills import (
    DECEMBER,
    JANUARY,
    balance,
    billed,
    noon,
    open_amounts,
    payer,
)

PAYMENT = "payment { id status result amount { amount } bill { number } paymentMethod { label } }"


@dataclass(frozen=True, slots=True)
class Carla:
    """An account with two open bills of 25 and 12."""

    id: int
    bills: tuple[int, int]

    @property
    def account(self) -> dict[str, str]:
        """The input for her account."""
        return {"accountId": global_id("Account", self.id)}


@pytest.fixture
def bank(monkeypatch: pytest.MonkeyPatch) -> Bank:
    """The gateway."""
    return opened(monkeypatch)


@pytest.fixture
async def carla(runtime: Runtime) -> Carla:
    """Pays by card; nothing of her bills was collected."""
    async with runtime.unit(ANA) as unit:
        account = await payer(unit, token="tok_carla")
    first = await billed(runtime, account, "25.00")
    return Carla(account, (first, await billed(runtime, account, "12.00", JANUARY)))


async def collected(ask: Caller, carla: Carla, **given: Any) -> dict[str, Any]:
    """The payment of a collection without errors."""
    answer = await ask.change(
        "collectPayment", "CollectPaymentInput", PAYMENT, **carla.account | given
    )
    assert answer["errors"] == []
    return dict(answer["payment"])


async def test_all_of_the_oldest_open_bill_by_the_default_method(
    ask: Caller, runtime: Runtime, carla: Carla, bank: Bank
) -> None:
    """An agent may. The event names the agent, the method and the bill."""
    agent = Actor("abe", Role.AGENT)
    payment = await collected(ask.acting_as(agent), carla)
    number = (await row(runtime, Bill, carla.bills[0])).number
    assert payment == {
        "id": global_id("Payment", 1),
        "status": "SUCCEEDED",
        "result": "succeeded",
        "amount": {"amount": "25"},
        "bill": {"number": number},
        "paymentMethod": {"label": "Visa ···· 4242"},
    }
    [(key, amount)] = bank.taken
    assert (key.partition("/")[0], amount) == ("collected", Decimal(25))
    assert await open_amounts(runtime, carla.id) == ["0", "12"]
    assert await balance(runtime, carla.id) == 12
    [event] = await events(runtime, EventKind.PAYMENT)
    assert (event.actor, event.amount) == (agent.name, Decimal(-25))
    assert event.description == f"Paid 25.00 USD (Visa ···· 4242, bill {number})"


async def test_a_part_of_a_named_bill_by_a_named_method(
    ask: Caller, runtime: Runtime, carla: Carla, bank: Bank
) -> None:
    """What is left is collected on the next day of the bill."""
    async with runtime.unit(ANA) as unit:
        new = NewPaymentMethod(
            carla.id, PaymentMethodKind.DIRECT_DEBIT, "tok_debit", make_default=False
        )
        debit = await add_payment_method(unit, new)
    given = {"billId": global_id("Bill", carla.bills[1]), "amount": "4"}
    given["paymentMethodId"] = global_id("PaymentMethod", debit.id)
    payment = await collected(ask, carla, **given)
    assert (payment["amount"], payment["paymentMethod"]) == (
        {"amount": "4"},
        {"label": "Direct debit"},
    )
    assert await open_amounts(runtime, carla.id) == ["25", "8"]
    bill = await row(runtime, Bill, carla.bills[1])
    assert (bill.status, bill.collect_on) == (BillStatus.OPEN, JANUARY + timedelta(days=3))
    await collect(runtime, JANUARY + timedelta(days=3))
    assert [amount for _, amount in bank.taken] == [4, 25, 8]
    assert await open_amounts(runtime, carla.id) == ["0", "0"]


@pytest.mark.parametrize(
    ("outcome", "status"),
    [
        (PaymentOutcome.INSUFFICIENT_FUNDS, Status.ACTIVE),
        (PaymentOutcome.INVALID_CARD, Status.INACTIVE),
    ],
)
async def test_a_declined_payment_is_no_error(
    ask: Caller, runtime: Runtime, carla: Carla, bank: Bank, outcome: PaymentOutcome, status: Status
) -> None:
    """It is FAILED, with an event, and holds the account as on the bill day."""
    bank.outcomes["tok_carla"] = outcome
    payment = await collected(ask, carla)
    assert (payment["status"], payment["result"]) == ("FAILED", str(outcome))
    assert (await row(runtime, Account, carla.id)).status is status
    [event] = await events(runtime, EventKind.PAYMENT)
    assert (event.amount, "failed" in event.description) == (None, True)
    assert await open_amounts(runtime, carla.id) == ["25", "12"]
    bank.outcomes["tok_carla"] = PaymentOutcome.SUCCEEDED
    assert (await collected(ask, carla))["status"] == "SUCCEEDED"
    assert len(bank.taken) == 1


async def test_no_answer_is_resolved_by_the_next_bill_day(
    ask: Caller, runtime: Runtime, carla: Carla, bank: Bank
) -> None:
    """Until then the bill is charged neither by hand nor on the bill day."""
    bank.is_silent = True
    payment = await collected(ask, carla)
    assert (payment["status"], payment["result"]) == ("PENDING", "no_answer")
    await check_refused(ask, "collectPayment", carla.account, "NOT_ALLOWED input.billId")
    other = carla.account | {"billId": global_id("Bill", carla.bills[1])}
    bank.is_silent = False
    await ask.change("collectPayment", "CollectPaymentInput", PAYMENT, **other)
    await collect(runtime, JANUARY + timedelta(days=1))
    assert [amount for _, amount in bank.taken] == [25, 12]
    assert [it.status for it in await rows(runtime, Payment)] == [PaymentStatus.SUCCEEDED] * 2
    assert await open_amounts(runtime, carla.id) == ["0", "0"]


@pytest.mark.parametrize(
    "where", ["before the gateway has heard of it", "after the gateway has taken the money"]
)
async def test_a_dead_process_leaves_it_to_the_next_bill_day(
    ask: Caller, runtime: Runtime, carla: Carla, bank: Bank, where: str
) -> None:
    bank.dies = where
    with pytest.raises(Killed):
        await ask.change("collectPayment", "CollectPaymentInput", PAYMENT, **carla.account)
    bank.dies = ""
    [payment] = await rows(runtime, Payment)
    assert (payment.status, payment.asked_on) == (PaymentStatus.PENDING, None)
    await check_refused(ask, "collectPayment", carla.account, "NOT_ALLOWED input.billId")
    await collect(runtime, JANUARY)
    assert sorted(amount for _, amount in bank.taken) == [12, 25]
    assert await open_amounts(runtime, carla.id) == ["0", "0"]


async def test_two_at_once_charge_once(
    ask: Caller, runtime: Runtime, carla: Carla, bank: Bank
) -> None:
    given = carla.account | {"billId": global_id("Bill", carla.bills[0])}
    answers = await asyncio.gather(
        *(ask.change("collectPayment", "CollectPaymentInput", PAYMENT, **given) for _ in range(4))
    )
    assert [amount for _, amount in bank.taken] == [25]
    errors = sorted(answer["errors"] for answer in answers)
    assert errors == [[], *[["NOT_ALLOWED input.billId"]] * 3]
    assert await open_amounts(runtime, carla.id) == ["0", "12"]


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
async def test_a_bill_day_at_the_same_time_charges_once(runtime: Runtime, bank: Bank) -> None:
    """Agents begin with the last bill, each twice at once, and the bill day with the first one."""
    async with runtime.unit(ANA) as unit:
        payers = [await payer(unit, f"Payer {place}", token="tok_ok") for place in range(16)]
    bills = [await billed(runtime, account, "25.00") for account in payers]
    await set_clock(runtime, noon(DECEMBER))
    bank.seconds = 0.005
    refused: list[list[str]] = []

    async def by_hand(place: int) -> None:
        given = {
            "accountId": global_id("Account", payers[place]),
            "billId": global_id("Bill", bills[place]),
        }
        ask = Caller(runtime, ANA)
        answer = await ask.change("collectPayment", "CollectPaymentInput", PAYMENT, **given)
        refused.extend([answer["errors"]] if answer["errors"] else [])

    async def agents() -> None:
        for place in reversed(range(len(payers))):
            await asyncio.gather(by_hand(place), by_hand(place))

    await asyncio.gather(agents(), collect(runtime, DECEMBER, limit=1))
    keys = [key.startswith("collected/") for key, _ in bank.taken]
    assert (len(keys), set(keys)) == (16, {True, False})
    assert refused == [["NOT_ALLOWED input.billId"]] * (32 - sum(keys))
    assert [await open_amounts(runtime, account) for account in payers] == [["0"]] * 16
    assert [await balance(runtime, account) for account in payers] == [0] * 16


async def test_a_retry_with_the_key_charges_once(
    runtime: Runtime, carla: Carla, bank: Bank
) -> None:
    """The answer of the first request is repeated, also where a part is open still."""

    async def authenticate(_: HTTPConnection) -> Actor:
        return ANA

    document = """mutation($i: CollectPaymentInput!) {
      collectPayment(input: $i) { payment { id status } errors { code } }
    }"""
    body = {"query": document, "variables": {"i": carla.account | {"amount": "5"}}}
    transport = httpx.ASGITransport(graphql_app(runtime, authenticate))
    async with httpx.AsyncClient(transport=transport, base_url="http://test") as client:
        answers = [
            await client.post("/", json=body, headers={"idempotency-key": "k"}) for _ in range(3)
        ]
    payment = {"id": global_id("Payment", 1), "status": "SUCCEEDED"}
    assert answers[0].json()["data"] == {"collectPayment": {"payment": payment, "errors": []}}
    assert {it.content for it in answers} == {answers[0].content}
    assert [amount for _, amount in bank.taken] == [5]


async def test_what_cannot_be_collected(ask: Caller, runtime: Runtime, bank: Bank) -> None:
    """Nothing is written, and the gateway is not asked."""
    async with runtime.unit(ANA) as unit:
        account = await payer(unit, token="tok_carla")
        other = await payer(unit, "Mika", token="tok_mika")
        poor = await payer(unit, "Noa")
        invoice = await add_payment_method(
            unit, NewPaymentMethod(account, PaymentMethodKind.INVOICE, make_default=False)
        )
    bills = [await billed(runtime, it, "25.00") for it in (account, other, poor)]
    ids = [global_id("Bill", it) for it in bills]
    carla = {"accountId": global_id("Account", account)}
    noa = {"accountId": global_id("Account", poor)}
    method = {"paymentMethodId": global_id("PaymentMethod", invoice.id)}
    strange = {"paymentMethodId": global_id("PaymentMethod", 2)}
    cases: list[tuple[dict[str, Any], str]] = [
        ({"accountId": global_id("Account", 99)}, "NOT_FOUND input.accountId"),
        (carla | {"billId": ids[1]}, "NOT_FOUND input.billId"),
        (carla | {"billId": carla["accountId"]}, "INVALID input.billId"),
        (carla | {"amount": "0"}, "OUT_OF_RANGE input.amount"),
        (carla | {"amount": "-1"}, "OUT_OF_RANGE input.amount"),
        (carla | {"amount": "25.01"}, "OUT_OF_RANGE input.amount"),
        (carla | {"amount": "1.001"}, "INVALID input.amount"),
        (carla | method, "NOT_ALLOWED input.paymentMethodId"),
        (carla | strange, "NOT_FOUND input.paymentMethodId"),
        (noa, "REQUIRED input.paymentMethodId"),
    ]
    for given, error in cases:
        await check_refused(ask, "collectPayment", given, error)
    document = (
        "mutation($i: CollectPaymentInput!) { collectPayment(input: $i) { errors { code } } }"
    )
    async with nothing_written(runtime):
        viewer = ask.acting_as(Actor("vic", Role.VIEWER))
        assert await viewer.code(document, i=carla) == "FORBIDDEN"
    await set_clock(runtime, noon(DECEMBER.replace(year=2031)))
    await check_refused(ask, "collectPayment", carla, "NOT_ALLOWED input.paymentMethodId")
    await ask.change("recordPayment", "RecordPaymentInput", "", **carla, amount="25", reference="r")
    await check_refused(ask, "collectPayment", carla, "NOT_ALLOWED input.billId")
    paid = carla | {"billId": ids[0]}
    await check_refused(ask, "collectPayment", paid, "NOT_ALLOWED input.billId")
    async with runtime.unit(ANA) as unit:
        await set_account(unit, other, Status.CLOSED)
    closed = {"accountId": global_id("Account", other)}
    await check_refused(ask, "collectPayment", closed, "NOT_ALLOWED input.accountId")
    assert bank.calls == []


async def test_a_pending_bill_is_not_collected(
    ask: Caller, runtime: Runtime, carla: Carla, bank: Bank
) -> None:
    async with runtime.unit(ANA) as unit:
        bill = await unit.session.get_one(Bill, carla.bills[1])
        bill.billed_on = None
    given = carla.account | {"billId": global_id("Bill", carla.bills[1])}
    await check_refused(ask, "collectPayment", given, "NOT_ALLOWED input.billId")
    assert bank.calls == []
