"""What the API refuses, the import refuses for the same reason: there is one set of checks."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from sqlalchemy import String

from tenure.accounts.actions import create_account
from tenure.accounts.models import Account
from tenure.accounts.rules import NewAccount
from tenure.importing.checking import Draft, Rejected, verdicts
from tenure.importing.existing import load_known_rows
from tenure.importing.lines import AccountLine, parse_account_line
from tenure.kernel.errors import TenureError
from tenure.kernel.unit import Runtime, Unit
from tenure.payments.actions import add_payment_method
from tenure.payments.models import PaymentMethodKind
from tenure.payments.rules import NewPaymentMethod
from tenure.purchases.actions import add_service
from tenure.purchases.rules import NewService
from tests.builders import account, catalog_offer, service
from tests.conftest import ANA, NOON

CUSTOMER: Mapping[str, Any] = {
    "number": "N-1",
    "name": "Ada",
    "email": "ada@example.com",
    "phone": "+1 555 0100",
    "currency": "USD",
    "billing_day_of_month": 5,
    "credit_limit": "10.00",
}
CARD: Mapping[str, Any] = {
    "kind": "CREDIT_CARD",
    "token": "tok_ok",
    "brand": "Visa",
    "last_four": "4242",
    "expiration_month": 12,
    "expiration_year": 2030,
}
SERVICE: Mapping[str, Any] = {"kind": "tv", "login": "ada", "offer": "flat"}

TEXTS = st.text(max_size=8) | st.sampled_from(
    [" ", "\0", "a\nb", "x" * 64, "x" * 65, "x" * 256, "a@b", "ada@example", "4111111111111111"]
)
# The texts of an account in a line, with the lengths of their columns.
LENGTHS: Mapping[str, int] = {
    name: column.type.length or 0
    for name, column in Account.__table__.c.items()
    if name in AccountLine.model_fields and type(column.type) is String
}
NUMBERS = st.sampled_from([-1, 0, 1, 11, 12, 13, 31, 32, 1999, 2001, 2026, 2200, 2201, 10**6])
CHANGES = (
    st.tuples(st.just("customer"), st.sampled_from(sorted({*LENGTHS} - {"currency"})), TEXTS)
    | st.tuples(
        st.just("customer"), st.just("currency"), st.sampled_from(["EUR", "usd", "XYZ", ""])
    )
    | st.tuples(st.just("customer"), st.just("billing_day_of_month"), NUMBERS)
    | st.tuples(
        st.just("customer"),
        st.just("credit_limit"),
        st.sampled_from(["-1", "0", "1e13", "0.0000001"]),
    )
    | st.tuples(
        st.just("method"), st.sampled_from(["token", "brand", "last_four"]), TEXTS | st.none()
    )
    | st.tuples(
        st.just("method"),
        st.sampled_from(["expiration_month", "expiration_year"]),
        NUMBERS | st.none(),
    )
    | st.tuples(st.just("method"), st.just("kind"), st.sampled_from(list(PaymentMethodKind)))
    | st.tuples(st.just("service"), st.sampled_from(["kind", "login"]), TEXTS)
    | st.tuples(st.just("service"), st.just("login"), st.sampled_from(["taken", "TAKEN", "free"]))
    | st.tuples(st.just("service"), st.just("offer"), st.sampled_from(["tv", "internet", "euro"]))
)


class UndoneError(Exception):
    """Rolls a unit back."""


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(change=CHANGES)
@example(change=("method", "expiration_year", 2001))
@example(change=("method", "kind", PaymentMethodKind.INVOICE))
@example(change=("method", "brand", "x" * 256))
@example(change=("method", "token", "x" * 256))
@example(change=("service", "login", "TAKEN"))
@example(change=("service", "offer", "internet"))
@example(change=("service", "offer", "euro"))
async def test_the_import_refuses_what_the_api_refuses(
    runtime: Runtime, change: tuple[str, str, Any]
) -> None:
    """Rules 3.1, 6.8, 7.1: one value of a good customer is replaced; code and message are equal."""
    part, name, value = change
    parts = {"customer": dict(CUSTOMER), "method": dict(CARD), "service": dict(SERVICE)}
    parts[part][name] = value
    by_api, by_import = None, None
    try:
        async with runtime.unit(ANA) as unit:
            await _prepare(unit)
            by_import = await _import_error(unit, parts)
            by_api = await _api_error(unit, parts)
            raise UndoneError
    except UndoneError:
        pass
    if isinstance(by_import, str):
        assert by_api is not None
        assert by_import.endswith(f": {by_api.message}"), (by_import, by_api.message)
    else:
        assert _content(by_import) == _content(by_api)


@pytest.mark.parametrize("name", LENGTHS)
def test_a_text_fits_its_column(name: str) -> None:
    """A longer one is rejected with its line, before it reaches the database."""
    parse_account_line(dict(CUSTOMER))
    with pytest.raises(ValueError, match=rf"^{name}: "):
        parse_account_line(CUSTOMER | {name: "x" * (LENGTHS[name] + 1)})


async def _prepare(unit: Unit) -> None:
    await catalog_offer(unit, "flat")
    await catalog_offer(unit, "tv", service_kind="tv")
    await catalog_offer(unit, "internet", service_kind="internet")
    await catalog_offer(unit, "euro", currency="EUR")
    await service(unit, await account(unit, number="other"), "taken", kind="tv")


async def _api_error(unit: Unit, parts: Mapping[str, Mapping[str, Any]]) -> TenureError | None:
    customer = dict(parts["customer"])
    customer["credit_limit"] = Decimal(customer["credit_limit"])
    method = parts["method"] | {"kind": PaymentMethodKind(parts["method"]["kind"])}
    wanted = dict(parts["service"])
    code = wanted.pop("offer")
    try:
        owner = (await create_account(unit, NewAccount(**customer))).id
        await add_payment_method(unit, NewPaymentMethod(owner, **method))
        await add_service(unit, NewService(owner, **wanted, offer_codes=[code]))
    except TenureError as error:
        return error
    return None


async def _import_error(
    unit: Unit, parts: Mapping[str, Mapping[str, Any]]
) -> TenureError | str | None:
    """The error, or for a line that cannot be parsed the reason, which is a text."""
    wanted = dict(parts["service"])
    code = wanted.pop("offer")
    line = dict(parts["customer"]) | {"payment_method": dict(parts["method"])}
    line["services"] = [wanted | {"offers": [{"code": code}]}]
    try:
        parsed: AccountLine = parse_account_line(line)
    except ValueError as error:
        return str(error)
    known = await load_known_rows(unit, [parsed])
    [found] = verdicts([parsed], known, dict.fromkeys(range(1, 32), NOON.date()))
    assert isinstance(found, Draft | Rejected)
    return found.error if isinstance(found, Rejected) else None


def _content(error: TenureError | None) -> tuple[object, str] | None:
    return None if error is None else (error.code, error.message)
