"""Rules 7.5, 9 and 10: authorization of a login to use its service."""

from decimal import Decimal
from typing import Any

import pytest

from tenure.accounts.actions import update
from tenure.accounts.models import BillUnit
from tenure.hierarchy.payers.actions import change_payer
from tenure.holds.models import Status
from tenure.kernel.errors import ErrorCode
from tenure.kernel.unit import Runtime
from tenure.policies import Denial, Refusal, ServiceFacts, policy
from tenure.policies.queries import with_plugins
from tenure.usage.authorization import queries
from tenure.usage.authorization.queries import authorize
from tenure.usage.authorization.rules import Authorization
from tests.builders import account, default_bill_unit_id, paid_unit, set_account, set_service
from tests.checks import refused
from tests.conftest import ANA
from tests.graphql.caller import sent_statements
from tests.usage.conftest import User


async def authorize_carla(runtime: Runtime, amount: str = "0", **more: Any) -> Authorization:
    """Authorizes Carla's internet for an amount."""
    given = {"service_kind": "internet", "login": "carla"} | more
    return await authorize(runtime.database, amount=Decimal(amount), **given)


async def set_balance(runtime: Runtime, account_id: int, amount: str) -> None:
    """Set the balance of the account's default bill unit."""
    units = BillUnit.__table__
    of_account = units.update().where(units.c.account_id == account_id, units.c.is_default)
    async with runtime.database.engine.begin() as connection:
        await connection.execute(of_account.values(balance=Decimal(amount)))


async def set_credit_limit(runtime: Runtime, account_id: int, amount: str | None) -> None:
    """Set or remove the credit limit of the account."""
    async with runtime.unit(ANA) as unit:
        await update(unit, account_id, credit_limit=None if amount is None else Decimal(amount))


async def test_authorized_without_a_limit(runtime: Runtime, carla: User) -> None:
    """Independent of the balance; logins are compared ignoring case (rules 3.1)."""
    await set_balance(runtime, carla.account, "99999")
    assert await authorize_carla(runtime, "1000000", login=" CARLA ") == Authorization(
        authorized=True, service_id=carla.service, currency="USD"
    )


@pytest.mark.parametrize("unknown", [{"login": "nobody"}, {"login": ""}, {"service_kind": "tv"}])
async def test_unknown_login(runtime: Runtime, carla: User, unknown: dict[str, str]) -> None:
    """The only denial without further details."""
    assert await authorize_carla(runtime, **unknown) == Authorization(
        authorized=False, denial="UNKNOWN_LOGIN"
    )


async def test_first_reason_that_applies(runtime: Runtime, carla: User) -> None:
    """Rules 7.5: account, then service, then credit limit; the first reason is returned."""
    await set_credit_limit(runtime, carla.account, "10")
    await set_balance(runtime, carla.account, "10")
    async with runtime.unit(ANA) as unit:
        await set_service(unit, carla.service, Status.INACTIVE)
        await set_account(unit, carla.account, Status.INACTIVE)
    assert (await authorize_carla(runtime)).denial == "ACCOUNT_NOT_ACTIVE"
    async with runtime.unit(ANA) as unit:
        await set_account(unit, carla.account, Status.ACTIVE)
    assert (await authorize_carla(runtime)).denial == "SERVICE_NOT_ACTIVE"
    async with runtime.unit(ANA) as unit:
        await set_service(unit, carla.service, Status.ACTIVE)
    assert await authorize_carla(runtime) == Authorization(
        authorized=False,
        denial="CREDIT_LIMIT_REACHED",
        service_id=carla.service,
        available=Decimal(0),
        currency="USD",
    )
    await set_balance(runtime, carla.account, "9.99")
    assert (await authorize_carla(runtime)).authorized


@pytest.mark.parametrize(
    ("balance", "amount", "available", "denied"),
    [
        ("0", "10", "10", False),
        ("0", "10.01", "10", True),
        ("9.99", "0", "0.01", False),
        ("10", "0", "0", True),
        ("12", "0", "0", True),
        ("-5", "15", "15", False),
        ("-5", "15.01", "15", True),
    ],
)
async def test_what_is_left_of_the_limit(
    runtime: Runtime, carla: User, balance: str, amount: str, available: str, denied: bool
) -> None:
    """Rules 7.5: a reached limit denies also an amount of zero; a credit counts."""
    await set_credit_limit(runtime, carla.account, "10")
    await set_balance(runtime, carla.account, balance)
    answer = await authorize_carla(runtime, amount)
    assert (answer.denial, answer.available) == (
        "CREDIT_LIMIT_REACHED" if denied else None,
        Decimal(available),
    )


async def test_balance_is_that_of_all_bill_units(runtime: Runtime, carla: User) -> None:
    """The limit applies to the whole account."""
    await set_credit_limit(runtime, carla.account, "10")
    async with runtime.unit(ANA) as unit:
        second = await paid_unit(unit, carla.account, carla.account)
    units = BillUnit.__table__
    async with runtime.database.engine.begin() as connection:
        await connection.execute(
            units.update().where(units.c.id == second).values(balance=Decimal(4))
        )
    await set_balance(runtime, carla.account, "5")
    assert (await authorize_carla(runtime)).available == 1


async def test_limits_of_the_account_and_of_its_payer(runtime: Runtime, carla: User) -> None:
    """Each is compared with its own balance; the smaller rest is available."""
    async with runtime.unit(ANA) as unit:
        payer = await account(unit, "Payer", credit_limit=Decimal(100))
        paid = await default_bill_unit_id(unit, carla.account)
        await change_payer(unit, paid, paying_parent_id=await default_bill_unit_id(unit, payer))
    await set_balance(runtime, carla.account, "50")
    await set_balance(runtime, payer, "70")
    assert (await authorize_carla(runtime)).available == 30
    await set_credit_limit(runtime, carla.account, "60")
    assert (await authorize_carla(runtime)).available == 10
    await set_balance(runtime, payer, "100")
    assert (await authorize_carla(runtime)).denial == "CREDIT_LIMIT_REACHED"
    await set_credit_limit(runtime, payer, None)
    assert (await authorize_carla(runtime, "10")).authorized
    async with runtime.unit(ANA) as unit:
        await set_account(unit, payer, Status.INACTIVE)
    assert (await authorize_carla(runtime)).denial == "ACCOUNT_NOT_ACTIVE"


async def test_one_statement(runtime: Runtime, carla: User) -> None:
    """Authorization precedes every use of a service, so it has to be cheap."""
    await set_credit_limit(runtime, carla.account, "10")
    with sent_statements(runtime.database) as statements:
        await authorize_carla(runtime, "1")
    assert len(statements) == 1


@pytest.mark.parametrize(
    ("given", "code", "path"),
    [
        ({"amount": "-0.01"}, ErrorCode.OUT_OF_RANGE, "amount"),
        ({"amount": "NaN"}, ErrorCode.INVALID, "amount"),
        ({"login": "a\0"}, ErrorCode.INVALID, "login"),
    ],
)
async def test_bad_input(
    runtime: Runtime, carla: User, given: dict[str, str], code: ErrorCode, path: str
) -> None:
    """The error names the field."""
    async with refused(runtime, code, path):
        await authorize_carla(runtime, **given)


class Saver:
    """A plug-in that denies large amounts and raises for very large ones."""

    def __init__(self) -> None:
        self.calls: list[tuple[str | None, str, Decimal]] = []

    @policy
    def authorize(self, service: ServiceFacts, amount: Decimal) -> Denial | None:
        """Authorizes Carla's internet for an amount."""
        self.calls.append((service.login, service.account.name, amount))
        if amount > 100:
            raise Refusal("Nobody uses that much.")
        return Denial("TOO_DEAR") if amount > 10 else None


async def test_policy_has_the_last_word(
    runtime: Runtime, carla: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Rules 9: called if the rules deny nothing; it may deny or raise."""
    saver = Saver()
    monkeypatch.setattr(queries, "installed", lambda: with_plugins(saver))
    assert (await authorize_carla(runtime, "10")).authorized
    assert (await authorize_carla(runtime, "11")).denial == "TOO_DEAR"
    assert saver.calls == [("carla", "Carla", 10), ("carla", "Carla", 11)]
    async with refused(runtime, ErrorCode.NOT_ALLOWED, "service") as error:
        await authorize_carla(runtime, "101")
    assert error.value.message == "Nobody uses that much."
    async with runtime.unit(ANA) as unit:
        await set_service(unit, carla.service, Status.INACTIVE)
    assert (await authorize_carla(runtime, "11")).denial == "SERVICE_NOT_ACTIVE"
    assert len(saver.calls) == 3
