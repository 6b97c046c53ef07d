"""Mutations of amounts: their effects, and each error, after which nothing is posted."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

import pytest

from tenure.batch import execute_run
from tenure.graphql.types.ids import key_of
from tenure.holds.models import Status
from tenure.kernel.unit import Runtime
from tests import bill_rows, builders
from tests.checks import ABE, MIA, VIC, nothing_written
from tests.conftest import ANA, NOON, set_clock
from tests.graphql.caller import Caller, check_refused, global_id, sent_statements

NOT_FOUND = "NOT_FOUND input."
METHOD = "paymentMethod { label isDefault lastFour expirationMonth expirationYear } "
CARD = {
    "token": "tok_ok",
    "brand": "Visa",
    "lastFour": "4242",
    "expirationMonth": 12,
    "expirationYear": 2030,
}
USAGE = """mutation($input: [RecordUsageInput!]!) { recordUsage(input: $input) {
  events { id kind quantity unit rate amount { amount currency } description item { kind }
  service { login } }
  errors { code path message } } }"""


@dataclass(frozen=True, slots=True)
class Billed:
    """The global ids of an account, a bill of 20, an item of 10 and an event of 8."""

    account: str
    bill: str
    item: str
    event: str


@pytest.fixture
async def billed(runtime: Runtime) -> Billed:
    """Paula owes 20."""
    async with runtime.unit(ANA) as unit:
        account = await builders.account(unit, "Paula")
        payer = await builders.default_bill_unit_id(unit, account)
        bill = await bill_rows.bill(unit, payer, current_charges=Decimal(20))
        await bill_rows.item(unit, bill, payer, service_id=await builders.service(unit, account))
        item = await bill_rows.item(unit, bill, payer)
        event = await bill_rows.charge(unit, item, "8")
        await bill_rows.charge(unit, item, "2")
        await bill_rows.set_balance(unit, payer, "20")
    ids = {"Account": account, "Bill": bill, "BillItem": item, "Event": event}
    return Billed(*(global_id(kind, key) for kind, key in ids.items()))


@dataclass(frozen=True, slots=True)
class Used:
    """An account and its service, whose use is rated by MB."""

    account: int
    service: int


@pytest.fixture
async def carla(runtime: Runtime) -> Used:
    """Carla pays 0.05 for a MB."""
    async with runtime.unit(ANA) as unit:
        await builders.catalog_offer(unit, "data", usage_rate=Decimal("0.05"), usage_unit="MB")
        account = await builders.account(unit, "Carla")
        service = await builders.service(unit, account, "carla")
        await builders.purchased_offer(unit, account, service, code="data")
    return Used(account, service)


async def test_add_payment_method(ask: Caller, billed: Billed) -> None:
    """Rules 7.1: of a card the token and the last four digits are stored, and the latter shown."""

    async def add(**given: Any) -> Any:
        return await ask.change(
            "addPaymentMethod", "AddPaymentMethodInput", METHOD, accountId=billed.account, **given
        )

    answer = await add(kind="CREDIT_CARD", **CARD)
    card = {"label": "Visa ···· 4242", "isDefault": True, "lastFour": "4242"}
    assert answer == {
        "paymentMethod": card | {"expirationMonth": 12, "expirationYear": 2030},
        "errors": [],
    }
    answer = await add(kind="INVOICE", makeDefault=False)
    assert (answer["paymentMethod"]["label"], answer["paymentMethod"]["isDefault"]) == (
        "Invoice",
        False,
    )
    answer = await add(kind="DIRECT_DEBIT", token="tok_ok")
    assert answer["paymentMethod"]["isDefault"]
    methods = (await ask("{ accounts { nodes { paymentMethods { label isDefault } } } }"))[
        "accounts"
    ]["nodes"]
    assert methods[0]["paymentMethods"][0] == {"label": "Direct debit", "isDefault": True}
    assert [it["isDefault"] for it in methods[0]["paymentMethods"]] == [True, False, False]


@pytest.mark.parametrize(
    ("given", "error"),
    [
        ({"accountId": "nonsense"}, f"{NOT_FOUND}accountId"),
        ({"accountId": global_id("Account", 999)}, f"{NOT_FOUND}accountId"),
        ({"token": "4242 4242 4242 4242"}, "INVALID input.token"),
        ({"token": None}, "REQUIRED input.token"),
        ({"token": "x" * 256}, "OUT_OF_RANGE input.token"),
        ({"lastFour": None}, "REQUIRED input.lastFour"),
        ({"lastFour": "424"}, "INVALID input.lastFour"),
        ({"brand": "x" * 33}, "OUT_OF_RANGE input.brand"),
        ({"expirationMonth": 13}, "OUT_OF_RANGE input.expirationMonth"),
        ({"expirationMonth": None}, "REQUIRED input.expirationMonth"),
        ({"expirationMonth": 10, "expirationYear": 2026}, "OUT_OF_RANGE input.expirationYear"),
        ({"expirationYear": 2**31 - 1}, "OUT_OF_RANGE input.expirationYear"),
        ({"kind": "INVOICE"}, "INVALID input.token"),
        ({"kind": "DIRECT_DEBIT"}, "INVALID input.brand"),
    ],
)
async def test_add_payment_method_refused(
    ask: Caller, billed: Billed, given: dict[str, Any], error: str
) -> None:
    await check_refused(
        ask,
        "addPaymentMethod",
        {"accountId": billed.account, "kind": "CREDIT_CARD"} | CARD | given,
        error,
    )


async def test_only_the_expiration_of_a_card_changes(ask: Caller, billed: Billed) -> None:
    """Rules 7.1."""
    make = "paymentMethod { id } "
    ids = []
    for given in (CARD | {"kind": "CREDIT_CARD"}, {"kind": "INVOICE"}):
        answer = await ask.change(
            "addPaymentMethod", "AddPaymentMethodInput", make, accountId=billed.account, **given
        )
        ids.append(answer["paymentMethod"]["id"])
    card, invoice = ids
    until = {"paymentMethodId": card, "expirationMonth": 1, "expirationYear": 2031}
    answer = await ask.change("updateCardExpiration", "UpdateCardExpirationInput", METHOD, **until)
    changed = answer["paymentMethod"]
    assert (changed["expirationMonth"], changed["expirationYear"], changed["lastFour"]) == (
        1,
        2031,
        "4242",
    )
    for given, error in (
        ({"paymentMethodId": invoice}, "NOT_ALLOWED input.paymentMethodId"),
        ({"paymentMethodId": "nonsense"}, f"{NOT_FOUND}paymentMethodId"),
        ({"expirationMonth": 10, "expirationYear": 2026}, "OUT_OF_RANGE input.expirationYear"),
        ({"expirationMonth": 0}, "OUT_OF_RANGE input.expirationMonth"),
    ):
        await check_refused(ask, "updateCardExpiration", until | given, error)
    choose = """mutation($id: ID!) { setDefaultPaymentMethod(paymentMethodId: $id) {
      paymentMethod { label isDefault } errors { code path } } }"""
    chosen = {"label": "Visa ···· 4242", "isDefault": True}
    assert await ask(choose, id=card) == {
        "setDefaultPaymentMethod": {"paymentMethod": chosen, "errors": []}
    }
    async with nothing_written(ask.runtime):
        refused = {
            "paymentMethod": None,
            "errors": [{"code": "INVALID", "path": ["paymentMethodId"]}],
        }
        assert await ask(choose, id=billed.account) == {"setDefaultPaymentMethod": refused}


PAID = (
    "event { kind amount { amount currency } } "
    "account { balance { amount } bills { nodes { status openAmount { amount } } } } isRepeated "
)


async def test_record_payment(ask: Caller, billed: Billed) -> None:
    """Rules 6.9: what is over stays as credit. The same reference answers with the first event."""
    given = {
        "accountId": billed.account,
        "amount": "12.50",
        "reference": "R-1",
        "billId": billed.bill,
    }
    answer = await ask.change("recordPayment", "RecordPaymentInput", PAID, **given)
    event = {"kind": "PAYMENT", "amount": {"amount": "-12.5", "currency": "USD"}}
    open_bill = {"nodes": [{"status": "OPEN", "openAmount": {"amount": "7.5"}}]}
    assert answer == {
        "event": event,
        "account": {"balance": {"amount": "7.5"}, "bills": open_bill},
        "isRepeated": False,
        "errors": [],
    }
    async with nothing_written(ask.runtime):
        repeated = await ask.change("recordPayment", "RecordPaymentInput", PAID, **given)
    assert repeated == answer | {"isRepeated": True}
    rest = {"accountId": billed.account, "amount": "10", "reference": "R-2"}
    answer = await ask.change("recordPayment", "RecordPaymentInput", PAID, **rest)
    paid_bill = {"nodes": [{"status": "PAID", "openAmount": {"amount": "0"}}]}
    assert answer["account"] == {"balance": {"amount": "-2.5"}, "bills": paid_bill}


@pytest.mark.parametrize(
    ("given", "error"),
    [
        ({"amount": "0"}, "OUT_OF_RANGE input.amount"),
        ({"amount": "-5"}, "OUT_OF_RANGE input.amount"),
        ({"amount": "0.001"}, "INVALID input.amount"),
        ({"amount": "9" * 30}, "OUT_OF_RANGE input.amount"),
        ({"reference": " "}, "REQUIRED input.reference"),
        ({"reference": "x" * 256}, "OUT_OF_RANGE input.reference"),
        ({"accountId": "nonsense"}, f"{NOT_FOUND}accountId"),
        ({"billId": "nonsense"}, f"{NOT_FOUND}billId"),
        ({"billId": global_id("Bill", 999)}, f"{NOT_FOUND}billId"),
    ],
)
async def test_record_payment_refused(
    ask: Caller, billed: Billed, given: dict[str, Any], error: str
) -> None:
    payment = {"accountId": billed.account, "amount": "5", "reference": "R-1"}
    await check_refused(ask, "recordPayment", payment | given, error)


async def test_a_bill_of_somebody_else_cannot_be_paid(
    ask: Caller, billed: Billed, carla: Used
) -> None:
    payment = {"accountId": global_id("Account", carla.account), "amount": "5", "reference": "R-1"}
    await check_refused(
        ask, "recordPayment", payment | {"billId": billed.bill}, f"{NOT_FOUND}billId"
    )


DISPUTE = """dispute { status amount { amount } granted { amount } reason note item { kind }
  event { amount { amount } }
  bill { totalDue { amount } openAmount { amount } } } """


async def test_a_dispute_at_each_level(ask: Caller, billed: Billed) -> None:
    """Rules 8.1: while it is open its amount is not due; the granted amount is credited."""
    opened = []
    for level, amount, due in (
        ("eventId", "3", "17"),
        ("itemId", None, "10"),
        ("billId", "4", "6"),
    ):
        given = {
            level: getattr(billed, level.removesuffix("Id")),
            "reason": "Never used",
            "amount": amount,
        }
        answer = await ask.change(
            "openDispute", "OpenDisputeInput", f"dispute {{ id }} {DISPUTE}", **given
        )
        assert answer["errors"] == []
        opened.append(answer["dispute"].pop("id"))
        assert answer["dispute"]["bill"] == {
            "totalDue": {"amount": due},
            "openAmount": {"amount": due},
        }
    assert answer["dispute"] == {
        "status": "OPEN",
        "amount": {"amount": "4"},
        "granted": None,
        "reason": "Never used",
        "note": None,
        "item": None,
        "event": None,
        "bill": {"totalDue": {"amount": "6"}, "openAmount": {"amount": "6"}},
    }
    for dispute, granted, status, due in zip(
        opened,
        ("3", "2", "0"),
        ("GRANTED", "PARTLY_GRANTED", "DENIED"),
        ("6", "11", "15"),
        strict=True,
    ):
        settled = {"disputeId": dispute, "granted": granted, "note": "Looked at"}
        answer = await ask.change("settleDispute", "SettleDisputeInput", DISPUTE, **settled)
        assert (answer["dispute"]["status"], answer["dispute"]["granted"]) == (
            status,
            {"amount": granted},
        )
        assert answer["dispute"]["bill"]["totalDue"] == {"amount": due}
        await check_refused(ask, "settleDispute", settled, "NOT_ALLOWED input.disputeId")


@pytest.mark.parametrize(
    ("given", "error"),
    [
        ({"amount": "20.01"}, "OUT_OF_RANGE input.amount"),
        ({"amount": "0"}, "OUT_OF_RANGE input.amount"),
        ({"amount": "-1"}, "OUT_OF_RANGE input.amount"),
        ({"amount": "0.001"}, "INVALID input.amount"),
        ({"reason": ""}, "REQUIRED input.reason"),
        ({"reason": "x" * 2001}, "OUT_OF_RANGE input.reason"),
        ({"billId": None}, "REQUIRED"),
        ({"billId": "nonsense"}, f"{NOT_FOUND}billId"),
        ({"billId": global_id("Bill", 999)}, f"{NOT_FOUND}billId"),
        ({"billId": None, "itemId": global_id("Bill", 1)}, "INVALID input.itemId"),
        ({"billId": None, "eventId": global_id("Event", 999)}, f"{NOT_FOUND}eventId"),
        ({"billId": None, "eventId": global_id("Event", 1)}, "INVALID input.eventId"),
        ({"itemId": global_id("BillItem", 1)}, "INVALID input.itemId"),
    ],
)
async def test_open_dispute_refused(
    ask: Caller, billed: Billed, given: dict[str, Any], error: str
) -> None:
    """Rules 8.1: at most the amount. The first event, the creation of the account, has none."""
    await check_refused(
        ask, "openDispute", {"billId": billed.bill, "reason": "Never used"} | given, error
    )


async def test_settle_dispute_refused(ask: Caller, billed: Billed) -> None:
    answer = await ask.change(
        "openDispute", "OpenDisputeInput", "dispute { id } ", itemId=billed.item, reason="Why"
    )
    settled = {"disputeId": answer["dispute"]["id"], "granted": "10"}
    for given, error in (
        ({"granted": "10.01"}, "OUT_OF_RANGE input.granted"),
        ({"granted": "-1"}, "OUT_OF_RANGE input.granted"),
        ({"note": "x" * 2001}, "OUT_OF_RANGE input.note"),
        ({"disputeId": billed.bill}, "INVALID input.disputeId"),
    ):
        await check_refused(ask, "settleDispute", settled | given, error)


async def test_adjust(ask: Caller, billed: Billed) -> None:
    """Rules 8.2: an account with its next bill; a bill, an item or an event on that bill."""
    payload = (
        "event { kind amount { amount } reason item { kind bill { number status } } "
        "account { balance { amount } } } "
    )
    results = []
    for level, amount in (
        ("eventId", "-8"),
        ("itemId", "-1"),
        ("billId", "-5"),
        ("accountId", "1.25"),
    ):
        given = {
            level: getattr(billed, level.removesuffix("Id")),
            "amount": amount,
            "reason": "Goodwill",
        }
        answer = await ask.change("adjust", "AdjustInput", payload, **given)
        assert answer["errors"] == []
        event = answer["event"]
        assert (event["kind"], event["reason"], event["amount"]["amount"]) == (
            "ADJUSTMENT",
            "Goodwill",
            amount,
        )
        results.append(
            (event["item"] and event["item"]["kind"], event["account"]["balance"]["amount"])
        )
    assert results == [
        ("CYCLE", "12"),
        ("CYCLE", "11"),
        ("ADJUSTMENT", "6"),
        ("ADJUSTMENT", "7.25"),
    ]
    assert event["item"]["bill"]["status"] == "PENDING"


@pytest.mark.parametrize(
    ("given", "error"),
    [
        ({"amount": "0"}, "INVALID input.amount"),
        ({"amount": "0.001"}, "INVALID input.amount"),
        ({"amount": "-20.01"}, "OUT_OF_RANGE input.amount"),
        ({"amount": "9" * 30}, "OUT_OF_RANGE input.amount"),
        ({"reason": "\t"}, "REQUIRED input.reason"),
        ({"billId": None}, "REQUIRED"),
        ({"accountId": global_id("Account", 1)}, "INVALID input.billId"),
        ({"billId": None, "accountId": "nonsense"}, f"{NOT_FOUND}accountId"),
        ({"billId": "nonsense"}, f"{NOT_FOUND}billId"),
        ({"billId": None, "itemId": global_id("BillItem", 999)}, f"{NOT_FOUND}itemId"),
    ],
)
async def test_adjust_refused(
    ask: Caller, billed: Billed, given: dict[str, Any], error: str
) -> None:
    await check_refused(
        ask, "adjust", {"billId": billed.bill, "amount": "-1", "reason": "Goodwill"} | given, error
    )


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
async def test_who_may(ask: Caller, billed: Billed) -> None:
    """Rules 10: agents open disputes, add payment methods, record usage; managers do the rest."""
    agent, manager = ask.acting_as(ABE), ask.acting_as(MIA)
    opened = await agent.change(
        "openDispute", "OpenDisputeInput", "dispute { id } ", billId=billed.bill, reason="Why"
    )
    assert opened["errors"] == []
    payment = {"accountId": billed.account, "amount": "1", "reference": "R"}
    credit = {"accountId": billed.account, "amount": "1", "reason": "R"}
    for field, given in (
        ("settleDispute", {"disputeId": opened["dispute"]["id"], "granted": "1"}),
        ("recordPayment", payment),
        ("adjust", credit),
    ):
        kind = f"{field[0].upper()}{field[1:]}Input"
        document = f"mutation($input: {kind}!) {{ {field}(input: $input) {{ errors {{ code }} }} }}"
        async with nothing_written(ask.runtime):
            assert (field, await agent.code(document, input=given)) == (field, "FORBIDDEN")
        assert await manager(document, input=given) == {field: {"errors": []}}


def line(reference: str = "U-1", **more: Any) -> dict[str, Any]:
    """A use of Carla's line: 10 MB."""
    used = {
        "serviceKind": "internet",
        "login": "carla",
        "quantity": "10",
        "unit": "MB",
        "reference": reference,
    }
    return used | {"occurredAt": "2026-11-10T12:00:00Z"} | more


async def test_record_usage(ask: Caller, carla: Used) -> None:
    """Rules 6.4: one result for each line, in order; the same reference is rated once."""
    lines = [
        line("A"),
        line("B", quantity="-1"),
        line("C", login="nobody"),
        line("D", occurredAt=None),
        line("A"),
    ]
    data = (await ask(USAGE, input=lines))["recordUsage"]
    assert [(it["code"], it["path"]) for it in data["errors"]] == [
        ("OUT_OF_RANGE", ["input", "1", "quantity"]),
        ("NOT_FOUND", ["input", "2", "login"]),
    ]
    first, *refused, third, again = data["events"]
    assert (refused, again) == ([None, None], first)
    assert third["id"] != first["id"]
    assert {
        name: first[name]
        for name in ("kind", "quantity", "unit", "rate", "amount", "item", "service")
    } == {
        "kind": "USAGE",
        "quantity": "10",
        "unit": "MB",
        "rate": "0.05",
        "amount": {"amount": "0.5", "currency": "USD"},
        "item": {"kind": "USAGE"},
        "service": {"login": "carla"},
    }
    async with nothing_written(ask.runtime):
        assert (await ask(USAGE, input=[line("A")]))["recordUsage"] == {
            "events": [first],
            "errors": [],
        }
        ids = USAGE.partition("events")[0] + "events { id __typename } } }"
        again = {"id": first["id"], "__typename": "Event"}
        assert (await ask(ids, input=[line("A"), line("A")]))["recordUsage"] == {
            "events": [again, again]
        }
    bill = (await ask("{ accounts { nodes { bills { nodes { status totalDue { amount } } } } } }"))[
        "accounts"
    ]["nodes"]
    assert bill == [{"bills": {"nodes": [{"status": "PENDING", "totalDue": {"amount": "1"}}]}}]


@pytest.mark.parametrize(
    ("given", "error"),
    [
        ({"quantity": "0"}, ("OUT_OF_RANGE", "quantity")),
        ({"quantity": "-0.5"}, ("OUT_OF_RANGE", "quantity")),
        ({"quantity": "9" * 40}, ("OUT_OF_RANGE", "quantity")),
        ({"quantity": "0.0000001"}, ("INVALID", "quantity")),
        ({"occurredAt": "2036-11-10T12:00:00Z"}, ("OUT_OF_RANGE", "occurredAt")),
        ({"occurredAt": "2016-11-10T12:00:00Z"}, ("NOT_ALLOWED", "occurredAt")),
        ({"login": "x" * 100_000}, ("OUT_OF_RANGE", "login")),
        ({"login": ""}, ("REQUIRED", "login")),
        ({"serviceKind": "x" * 100_000}, ("OUT_OF_RANGE", "serviceKind")),
        ({"unit": "SMS"}, ("INVALID", "unit")),
        ({"unit": "x" * 100_000}, ("OUT_OF_RANGE", "unit")),
        ({"reference": " "}, ("REQUIRED", "reference")),
        ({"reference": "x" * 256}, ("OUT_OF_RANGE", "reference")),
        ({"description": "x" * 2001}, ("OUT_OF_RANGE", "description")),
    ],
)
async def test_record_usage_refused(
    ask: Caller, carla: Used, given: dict[str, Any], error: tuple[str, str]
) -> None:
    async with nothing_written(ask.runtime):
        data = (await ask(USAGE, input=[line(**given)]))["recordUsage"]
    [refusal] = data["errors"]
    assert (data["events"], refusal["code"], refusal["path"]) == (
        [None],
        error[0],
        ["input", "0", error[1]],
    )
    assert refusal["message"]


async def test_usage_while_the_service_was_not_active(
    ask: Caller, carla: Used, runtime: Runtime
) -> None:
    """Rules 6.4."""
    async with runtime.unit(ANA) as unit:
        await builders.set_service(unit, carla.service, Status.INACTIVE)
    async with nothing_written(ask.runtime):
        data = (await ask(USAGE, input=[line()]))["recordUsage"]
    assert [(it["code"], it["path"]) for it in data["errors"]] == [
        ("NOT_ALLOWED", ["input", "0", "occurredAt"])
    ]


async def test_a_thousand_lines_by_a_fixed_number_of_statements(ask: Caller, carla: Used) -> None:
    """No statement per line; one line more is refused as a whole."""
    sent = []
    for count in (10, 1000):
        with sent_statements(ask.runtime.database) as statements:
            data = (await ask(USAGE, input=[line(f"{count}-{place}") for place in range(count)]))[
                "recordUsage"
            ]
        assert (len({it["id"] for it in data["events"]}), data["errors"]) == (count, [])
        sent.append(len(statements))
    assert sent[0] == sent[1] <= 20
    async with nothing_written(ask.runtime):
        data = (await ask(USAGE, input=[line(f"N-{place}") for place in range(1001)]))[
            "recordUsage"
        ]
        assert (data["events"], [it["path"] for it in data["errors"]]) == ([], [["input"]])
        assert (await ask(USAGE, input=[]))["recordUsage"] == {"events": [], "errors": []}


AUTHORIZE = """query($kind: String!, $login: String!, $amount: Decimal) {
  authorizeService(serviceKind: $kind, login: $login, amount: $amount) {
    authorized denial available { amount currency } service { kind login } } }"""


async def test_authorize_service(ask: Caller, carla: Used, runtime: Runtime) -> None:
    """Rules 7.5: each denial with its reason, the first that applies; a viewer may ask."""
    vic = ask.acting_as(VIC)

    async def answer(login: str = "CARLA", **more: Any) -> tuple[Any, ...]:
        found = (await vic(AUTHORIZE, kind="internet", login=login, **more))["authorizeService"]
        return found["authorized"], found["denial"], found["available"]

    full = await vic(AUTHORIZE, kind="internet", login="carla", amount="5")
    service = {"kind": "internet", "login": "carla"}
    assert full == {
        "authorizeService": {
            "authorized": True,
            "denial": None,
            "available": None,
            "service": service,
        }
    }
    assert await answer("nobody") == (False, "UNKNOWN_LOGIN", None)
    await ask.change(
        "updateAccount",
        "UpdateAccountInput",
        "",
        accountId=global_id("Account", carla.account),
        creditLimit="0.75",
    )
    await ask(USAGE, input=[line()])
    left = {"amount": "0.25", "currency": "USD"}
    assert await answer(amount="0.25") == (True, None, left)
    assert await answer(amount="0.26") == (False, "CREDIT_LIMIT_REACHED", left)
    async with runtime.unit(ANA) as unit:
        await builders.set_service(unit, carla.service, Status.INACTIVE)
    assert (await answer())[:2] == (False, "SERVICE_NOT_ACTIVE")
    async with runtime.unit(ANA) as unit:
        await builders.set_account(unit, carla.account, Status.INACTIVE)
    assert (await answer())[:2] == (False, "ACCOUNT_NOT_ACTIVE")
    assert await vic.code(AUTHORIZE, kind="internet", login="carla", amount="-1") == "OUT_OF_RANGE"
    assert await vic.code(AUTHORIZE, kind="internet", login="x" * 100_000) == "OUT_OF_RANGE"


async def test_authorize_service_is_one_statement(ask: Caller, carla: Used) -> None:
    """It sits in front of every use of a service."""
    document = AUTHORIZE.replace("service { kind login }", "")
    with sent_statements(ask.runtime.database) as sent:
        await ask(document, kind="internet", login="carla")
    assert len(sent) == 1


STATEMENT = """query($id: ID!) { account(id: $id) { balance { amount }
  bills { nodes { status periodEnd
  currentCharges { amount } subordinateCharges { amount } previousBalance { amount }
  payments { amount }
  adjustments { amount } disputed { amount } totalDue { amount } } } } }"""


async def test_a_pending_bill_is_made_as_it_was_shown(
    ask: Caller, carla: Used, runtime: Runtime
) -> None:
    """Carla pays for Chris. An adjustment and a credit exist in December before its bill is made.

    November: 5.00 of her own, 2.50 of Chris, 3.00 disputed, 10.00 paid. December: 1.00 and 4.00,
    credits of 1.00 and 0.50.
    """
    account = global_id("Account", carla.account)
    async with runtime.unit(ANA) as unit:
        child = await builders.child(unit, carla.account, "Chris")
        await builders.purchased_offer(
            unit, child, await builders.service(unit, child, "chris"), code="data"
        )

    async def use(login: str, quantity: int, day: str) -> None:
        used = line(f"{login} {day}", login=login, quantity=quantity, occurredAt=f"{day}T10:00:00Z")
        assert (await ask(USAGE, input=[used]))["recordUsage"]["errors"] == []

    async def shown() -> list[dict[str, Any]]:
        found = (await ask(STATEMENT, id=account))["account"]["bills"]["nodes"]
        return [
            {name: it["amount"] if isinstance(it, dict) else it for name, it in bill.items()}
            for bill in found
        ]

    async def bill_day(on: datetime, status: str) -> None:
        before, *_ = await shown()
        await set_clock(runtime, on)
        answer = await ask.change("startJob", "StartJobInput", "jobRun { id } ", kind="BILL_DAY")
        await execute_run(runtime, key_of(answer["jobRun"]["id"], "JobRun"))
        made, *_ = await shown()
        assert (before.pop("status"), made.pop("status")) == ("PENDING", status)
        assert made == before

    await set_clock(runtime, NOON.replace(day=12))
    await use("carla", 100, "2026-11-11")
    await use("chris", 50, "2026-11-11")
    await bill_day(NOON.replace(month=12), "OPEN")
    november = (await ask("{ accounts { nodes { bills { nodes { id } } } } }"))["accounts"][
        "nodes"
    ][-1]["bills"]["nodes"]
    dispute = {"billId": november[0]["id"], "amount": "3", "reason": "Never used"}
    assert (await ask.change("openDispute", "OpenDisputeInput", "", **dispute))["errors"] == []
    paid = {"accountId": account, "amount": "10", "reference": "R-1"}
    assert (await ask.change("recordPayment", "RecordPaymentInput", "", **paid))["errors"] == []
    await set_clock(runtime, NOON.replace(month=12, day=12))
    await use("carla", 20, "2026-12-11")
    await use("chris", 80, "2026-12-11")
    for given in (
        {"accountId": account, "amount": "-1"},
        {"accountId": global_id("Account", child), "amount": "-0.5"},
    ):
        assert (await ask.change("adjust", "AdjustInput", "", reason="Goodwill", **given))[
            "errors"
        ] == []
    assert (await shown())[0] == {
        "status": "PENDING",
        "periodEnd": "2027-01-10",
        "currentCharges": "1",
        "subordinateCharges": "4",
        "previousBalance": "-2.5",
        "payments": "0",
        "adjustments": "-1.5",
        "disputed": "3",
        "totalDue": "-2",
    }
    await bill_day(NOON.replace(year=2027, month=1), "PAID")
