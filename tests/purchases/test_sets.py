"""Creation in sets: a result or an error per row, and statements whose number is fixed."""

from collections.abc import Awaitable, Callable, Sequence
from decimal import Decimal

import pytest

from tenure.accounts.actions import create_accounts
from tenure.accounts.models import Account, BillUnit
from tenure.accounts.rules import NewAccount
from tenure.assets.models import PurchasedOffer, Service
from tenure.events.models import EventKind
from tenure.kernel.errors import ErrorCode, TenureError
from tenure.kernel.outcomes import accepted
from tenure.kernel.unit import Runtime, Unit
from tenure.payments.actions import add_payment_methods
from tenure.payments.models import PaymentMethod, PaymentMethodKind
from tenure.payments.rules import NewPaymentMethod
from tenure.purchases.actions import add_services, purchase_offers
from tenure.purchases.rules import NewPurchase, NewService
from tests.builders import account, catalog_offer, default_bill_unit_id
from tests.checks import events, rows
from tests.conftest import ANA
from tests.graphql.caller import sent_statements

Error = tuple[ErrorCode, tuple[str | int, ...]]
INVOICE = PaymentMethodKind.INVOICE


def errors(outcomes: Sequence[object]) -> list[Error | None]:
    """Code and path of each row's error, None for a result."""
    return [
        (outcome.code, outcome.path) if isinstance(outcome, TenureError) else None
        for outcome in outcomes
    ]


@pytest.fixture
async def carla(runtime: Runtime) -> int:
    """An account; the catalog has `flat` for everybody and `tv` for services of kind tv."""
    async with runtime.unit(ANA) as unit:
        await catalog_offer(unit, "flat", monthly_fee=Decimal(10))
        await catalog_offer(unit, "tv", service_kind="tv")
        return await account(unit, number="C-1")


async def test_accounts_are_created_beside_errors(runtime: Runtime, carla: int) -> None:
    """Each row has its own outcome, in order; a number is taken by the row that has it first."""
    async with runtime.unit(ANA) as unit:
        outcomes = await create_accounts(
            unit,
            [
                NewAccount("Ada", number="D-1"),
                NewAccount("Ben", number="C-1"),
                NewAccount(" "),
                NewAccount("Cem"),
                NewAccount("Dora", number=" D-1 "),
                NewAccount("Eve", billing_day_of_month=31),
            ],
        )
    taken = (ErrorCode.TAKEN, ("number",))
    assert errors(outcomes) == [None, taken, (ErrorCode.REQUIRED, ("name",)), None, taken, None]
    made = accepted(outcomes)
    found = (await rows(runtime, Account))[1:]
    assert [(it.id, it.number) for it in found] == [(it.id, it.number) for it in made]
    assert [it.name for it in found] == ["Ada", "Cem", "Eve"]
    assert found[1].number == f"A-{1000 + found[1].id}"
    units = (await rows(runtime, BillUnit))[1:]
    assert [(it.account_id, it.id) for it in units] == [(it.id, it.bill_unit_id) for it in made]
    created = (await events(runtime, EventKind.ACCOUNT_CHANGE))[1:]
    assert [(it.account_id, it.description) for it in created] == [
        (it.id, f"Account {it.number} was created") for it in made
    ]


async def test_services_are_added_beside_errors(runtime: Runtime, carla: int) -> None:
    """Rules 3.1, 6.8: a service with an offer that does not fit is not added at all."""
    async with runtime.unit(ANA) as unit:
        outcomes = await add_services(
            unit,
            [
                NewService(carla, "tv", login="ada", offer_codes=["tv", "flat"]),
                NewService(carla, "TV", login="ADA"),
                NewService(carla, "internet", login="ben", offer_codes=["flat", "tv"]),
                NewService(987654321, "tv"),
                NewService(carla, "internet", login="ben", offer_codes=["flat"]),
            ],
        )
    assert errors(outcomes) == [
        None,
        (ErrorCode.TAKEN, ("login",)),
        (ErrorCode.INVALID, ("offer_codes",)),
        (ErrorCode.NOT_FOUND, ("account_id",)),
        None,
    ]
    services = await rows(runtime, Service)
    assert [(it.id, it.kind, it.login) for it in services] == [
        (accepted(outcomes)[0].id, "tv", "ada"),
        (accepted(outcomes)[1].id, "internet", "ben"),
    ]
    bought = [(it.service_id, it.name) for it in await rows(runtime, PurchasedOffer)]
    first, second = (it.id for it in services)
    assert bought == [(first, "Tv"), (first, "Flat"), (second, "Flat")]


async def test_offers_are_purchased_beside_errors(runtime: Runtime, carla: int) -> None:
    async with runtime.unit(ANA) as unit:
        outcomes = await purchase_offers(
            unit, [NewPurchase(carla, code) for code in ("flat", "tv", "none", "flat")]
        )
    invalid = (ErrorCode.INVALID, ("offer_code",))
    assert errors(outcomes) == [None, invalid, (ErrorCode.NOT_FOUND, ("offer_code",)), None]
    assert [it.id for it in await rows(runtime, PurchasedOffer)] == [
        it.id for it in accepted(outcomes)
    ]
    assert len(await events(runtime, EventKind.CYCLE_FEE)) == 2


async def test_payment_methods_are_added_beside_errors(runtime: Runtime, carla: int) -> None:
    """Of each account the first method is the default, then each one that asks for it."""
    async with runtime.unit(ANA) as unit:
        other = await account(unit, "Other")
        outcomes = await add_payment_methods(
            unit,
            [
                NewPaymentMethod(carla, INVOICE, make_default=False),
                NewPaymentMethod(carla, INVOICE, token="tok_ok"),
                NewPaymentMethod(987654321, INVOICE),
                NewPaymentMethod(other, INVOICE),
                NewPaymentMethod(other, INVOICE, make_default=False),
                NewPaymentMethod(carla, PaymentMethodKind.DIRECT_DEBIT, token="tok_ok"),
            ],
        )
    invalid, missing = (ErrorCode.INVALID, ("token",)), (ErrorCode.NOT_FOUND, ("account_id",))
    assert errors(outcomes) == [None, invalid, missing, None, None, None]
    methods = await rows(runtime, PaymentMethod)
    assert [(it.account_id, it.is_default) for it in methods] == [
        (carla, False),
        (other, True),
        (other, False),
        (carla, True),
    ]
    changes = await events(runtime, EventKind.ACCOUNT_CHANGE, account_id=carla)
    assert [(it.description, (it.details or {}).get("before")) for it in changes[3:]] == [
        ("Default payment method changed to Invoice", None),
        ("Default payment method changed to Direct debit", methods[0].id),
    ]


Creation = Callable[[Unit, int, int], Awaitable[Sequence[object]]]


async def create(unit: Unit, _: int, count: int) -> Sequence[object]:
    """So many accounts."""
    return await create_accounts(unit, [NewAccount(f"Name {place}") for place in range(count)])


async def add(unit: Unit, _: int, count: int) -> Sequence[object]:
    """So many services, each of an account of its own."""
    made = accepted(await create_accounts(unit, [NewAccount("Ada") for _ in range(count)]))
    return await add_services(
        unit, [NewService(it.id, "tv", login=f"login {it.id}") for it in made]
    )


async def buy(unit: Unit, account_id: int, count: int) -> Sequence[object]:
    """So many offers."""
    return await purchase_offers(unit, [NewPurchase(account_id, "flat") for _ in range(count)])


async def pay(unit: Unit, _: int, count: int) -> Sequence[object]:
    """So many payment methods of an account that has none."""
    [owner] = accepted(await create_accounts(unit, [NewAccount("Ada")]))
    methods = [NewPaymentMethod(owner.id, INVOICE) for _ in range(count)]
    return await add_payment_methods(unit, methods)


@pytest.mark.parametrize("creation", [create, add, buy, pay])
async def test_statements_do_not_grow_with_the_rows(
    runtime: Runtime, carla: int, creation: Creation
) -> None:
    """SQLite returns ids in the order of the rows only if it inserts them one by one."""
    counts = []
    for count in (2, 20):
        with sent_statements(runtime.database) as sent:
            async with runtime.unit(ANA) as unit:
                outcomes = await creation(unit, carla, count)
        assert len(accepted(outcomes)) == count
        one_by_one = runtime.database.is_sqlite
        counts.append(
            len([it for it in sent if not (one_by_one and "INSERT" in it and "RETURNING" in it)])
        )
    assert counts[0] == counts[1]


async def test_a_service_of_a_later_account_gets_its_own_bill_unit(runtime: Runtime) -> None:
    """Rows of several accounts, each with several services, keep their order and their owners."""
    async with runtime.unit(ANA) as unit:
        owners = [await account(unit, name) for name in ("Ada", "Ben")]
        units = [await default_bill_unit_id(unit, owner) for owner in owners]
        order = [1, 0, 1, 1, 0]
        outcomes = await add_services(
            unit, [NewService(owners[it], "tv", name=f"S{n}") for n, it in enumerate(order)]
        )
    of_id = {it.id: it for it in await rows(runtime, Service)}
    found = [of_id[it.id] for it in accepted(outcomes)]
    assert [(it.name, it.account_id, it.bill_unit_id) for it in found] == [
        (f"S{n}", owners[it], units[it]) for n, it in enumerate(order)
    ]
