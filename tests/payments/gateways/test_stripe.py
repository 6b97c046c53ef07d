"""Rules 7.2 and 7.3: Stripe's PaymentIntents by their documented form. Its server is played here,
the internet is not asked.
"""

import base64
import socket
from collections.abc import AsyncIterator, Iterator
from decimal import Decimal
from typing import Any

import pytest

from tenure.kernel.errors import ConfigurationError
from tenure.kernel.settings import GatewaySettings
from tenure.payments.gateways import gateway
from tenure.payments.gateways.stripe import ATTEMPTS, minor_units
from tenure.policies.rules import Gateway, GatewayAnswer, PaymentOutcome, PaymentRequest
from tests.payments.gateways.stripe_server import (
    StripeServer,
    declined,
    found,
    intent,
    playing_stripe,
    refused,
)
from tests.server import free_port

KEY = "B-1-20261201/20261201"
REQUEST = PaymentRequest(KEY, "pm_1MtwBwLkdIwHu7ixUEgbFdYF", Decimal("20.00"), "USD")
INTENT = "pi_3MtwBwLkdIwHu7ix28a3tqPa"
OUT = PaymentOutcome


@pytest.fixture
def server() -> Iterator[StripeServer]:
    """Stripe, played."""
    with playing_stripe() as played:
        yield played


@pytest.fixture
async def stripe(server: StripeServer) -> AsyncIterator[Gateway]:
    """Our adapter, which asks it."""
    async with gateway(GatewaySettings("stripe", "sk_test_secret", server.url)) as opened:
        yield opened


async def test_charge_as_documented(server: StripeServer, stripe: Gateway) -> None:
    """One form-encoded POST: created and confirmed without the customer, in minor units, under our
    key.
    """
    server.answers = [(200, intent())]
    assert await stripe.charge(REQUEST) == GatewayAnswer(OUT.SUCCEEDED, INTENT)
    [asked] = server.asked
    assert (asked.method, asked.path) == ("POST", "/v1/payment_intents")
    assert asked.form == {
        "amount": "2000",
        "currency": "usd",
        "payment_method": "pm_1MtwBwLkdIwHu7ixUEgbFdYF",
        "confirm": "true",
        "off_session": "true",
        "automatic_payment_methods[enabled]": "true",
        "automatic_payment_methods[allow_redirects]": "never",
        "metadata[tenure_key]": KEY,
    }
    assert asked.headers["content-type"] == "application/x-www-form-urlencoded"
    assert asked.headers["idempotency-key"] == KEY
    assert (
        asked.headers["authorization"] == "Basic " + base64.b64encode(b"sk_test_secret:").decode()
    )
    assert asked.headers["stripe-version"] == "2024-06-20"


async def test_customers_payment_method(server: StripeServer, stripe: Gateway) -> None:
    """A token names the customer too where the payment method is attached to one."""
    server.answers = [(200, intent())]
    await stripe.charge(PaymentRequest(KEY, "cus_NffrFeUfNV2Hib/pm_1", Decimal(20), "USD"))
    assert (server.asked[0].form["customer"], server.asked[0].form["payment_method"]) == (
        "cus_NffrFeUfNV2Hib",
        "pm_1",
    )


@pytest.mark.parametrize(
    ("status", "body", "outcome"),
    [
        (402, declined("card_declined", "insufficient_funds"), OUT.INSUFFICIENT_FUNDS),
        (402, declined("card_declined", "withdrawal_count_limit_exceeded"), OUT.INSUFFICIENT_FUNDS),
        (402, declined("expired_card", "expired_card"), OUT.EXPIRED),
        (402, declined("expired_card"), OUT.EXPIRED),
        (402, declined("incorrect_number", "incorrect_number"), OUT.INVALID_CARD),
        (402, declined("card_declined", "lost_card"), OUT.INVALID_CARD),
        (402, declined("card_declined", "generic_decline"), OUT.VALIDATION_FAILED),
        (402, declined("incorrect_cvc", "incorrect_cvc"), OUT.VALIDATION_FAILED),
        (
            402,
            declined("authentication_required", "authentication_required"),
            OUT.VALIDATION_FAILED,
        ),
        (
            200,
            intent("requires_action", next_action={"type": "use_stripe_sdk"}),
            OUT.VALIDATION_FAILED,
        ),
        (200, intent("canceled"), OUT.VALIDATION_FAILED),
        (200, intent("processing"), OUT.NO_ANSWER),
        (400, refused("resource_missing", param="payment_method"), OUT.INVALID_CARD),
        (400, refused("amount_too_small", param="amount"), OUT.VALIDATION_FAILED),
        (400, refused("", kind="idempotency_error"), OUT.NO_ANSWER),
        (401, refused("", kind="invalid_request_error"), OUT.NO_ANSWER),
        (500, refused("", kind="api_error"), OUT.NO_ANSWER),
        (502, b"<html>Bad gateway</html>", OUT.NO_ANSWER),
        (200, b"not JSON", OUT.NO_ANSWER),
        (200, {"object": "payment_intent"}, OUT.NO_ANSWER),
    ],
)
async def test_what_answers_mean(
    server: StripeServer, stripe: Gateway, status: int, body: Any, outcome: PaymentOutcome
) -> None:
    """Rules 7.3: only what says that the card is not valid holds at once; what is not known stays
    open. Asked once.
    """
    server.answers = [(status, body)]
    assert (await stripe.charge(REQUEST)).outcome is outcome
    assert len(server.asked) == 1


async def test_words_of_a_decline(server: StripeServer, stripe: Gateway) -> None:
    """For the care agent."""
    server.answers = [
        (402, declined("card_declined", "insufficient_funds", "Your card has insufficient funds."))
    ]
    assert (await stripe.charge(REQUEST)).words == "Your card has insufficient funds."


async def test_lost_answer_is_no_answer(server: StripeServer, stripe: Gateway) -> None:
    """The connection is lost: Stripe may have taken the money, so nothing is sent again."""
    server.answers = [None]
    assert await stripe.charge(REQUEST) == GatewayAnswer(OUT.NO_ANSWER)
    assert len(server.asked) == 1


async def test_slow_answer_is_no_answer(
    server: StripeServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A timeout."""
    monkeypatch.setattr("tenure.payments.gateways.stripe.TIMEOUT_SECONDS", 0.05)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        url = f"http://127.0.0.1:{silent.getsockname()[1]}"
        async with gateway(GatewaySettings("stripe", "sk_test", url)) as stripe:
            assert await stripe.charge(REQUEST) == GatewayAnswer(OUT.NO_ANSWER)


@pytest.mark.parametrize(("status", "code"), [(409, "idempotency_key_in_use"), (429, "rate_limit")])
async def test_busy_is_tried_again_under_the_same_key(
    server: StripeServer, stripe: Gateway, status: int, code: str
) -> None:
    """Stripe has not begun then."""
    server.answers = [(status, refused(code)), (status, refused(code)), (200, intent())]
    assert (await stripe.charge(REQUEST)).outcome is OUT.SUCCEEDED
    assert [asked.headers["idempotency-key"] for asked in server.asked] == [KEY] * 3


async def test_busy_for_long_is_no_answer(server: StripeServer, stripe: Gateway) -> None:
    """Within bounds."""
    server.answers = [(429, refused("rate_limit"))]
    assert (await stripe.charge(REQUEST)).outcome is OUT.NO_ANSWER
    assert len(server.asked) == ATTEMPTS


async def test_nobody_there() -> None:
    """No connection: tried again, then no answer."""
    url = f"http://127.0.0.1:{free_port()}"
    async with gateway(GatewaySettings("stripe", "sk_test", url)) as stripe:
        assert await stripe.charge(REQUEST) == GatewayAnswer(OUT.NO_ANSWER)
        with pytest.raises(ConfigurationError, match="does not respond"):
            await stripe.check()


async def test_asking_searches_for_the_key(server: StripeServer, stripe: Gateway) -> None:
    """Asking takes nothing: it is a search of what bears our key."""
    server.answers = [(200, found(intent()))]
    assert await stripe.ask(REQUEST) == GatewayAnswer(OUT.SUCCEEDED, INTENT)
    [asked] = server.asked
    assert (asked.method, asked.path) == ("GET", "/v1/payment_intents/search")
    assert asked.query == {"query": f"metadata['tenure_key']:'{KEY}'"}


@pytest.mark.parametrize(
    ("status", "body", "outcome"),
    [
        (200, found(), None),
        (200, found(intent("processing")), OUT.NO_ANSWER),
        (200, found(declined("expired_card")["error"]["payment_intent"]), OUT.EXPIRED),
        (200, found(declined("expired_card")["error"]["payment_intent"], intent()), OUT.SUCCEEDED),
        (500, refused(""), OUT.NO_ANSWER),
        (200, b"not JSON", OUT.NO_ANSWER),
    ],
)
async def test_what_a_search_means(
    server: StripeServer, stripe: Gateway, status: int, body: Any, outcome: PaymentOutcome | None
) -> None:
    """None: Stripe has never heard of it, which no failure to answer may be taken for."""
    server.answers = [(status, body)]
    answer = await stripe.ask(REQUEST)
    assert (answer and answer.outcome) is outcome


@pytest.mark.parametrize(
    ("amount", "currency", "units"),
    [
        ("20.05", "USD", 2005),
        ("1000", "JPY", 1000),
        ("5.12", "KWD", 5120),
        ("5", "UGX", 500),
        ("10", "MGA", 10),
        ("10.50", "MGA", None),
    ],
)
def test_minor_units(amount: str, currency: str, units: int | None) -> None:
    """As Stripe counts them, which is not ISO 4217 everywhere."""
    assert minor_units(Decimal(amount), currency) == units


async def test_amount_that_stripe_cannot_take(server: StripeServer, stripe: Gateway) -> None:
    """It is not sent."""
    answer = await stripe.charge(PaymentRequest(KEY, "pm_1", Decimal("10.50"), "MGA"))
    assert (answer.outcome, server.asked) == (OUT.VALIDATION_FAILED, [])


async def test_check(server: StripeServer, stripe: Gateway) -> None:
    """`tenure check` finds a wrong key before the first bill day does."""
    server.answers = [
        (200, {"object": "list", "data": [], "has_more": False, "url": "/v1/payment_intents"})
    ]
    await stripe.check()
    server.answers = [
        (
            401,
            {
                "error": {
                    "message": "Invalid API Key provided: sk_test_******cret",
                    "type": "invalid",
                }
            },
        )
    ]
    with pytest.raises(ConfigurationError, match="refuses TENURE_GATEWAY_KEY: Invalid API Key"):
        await stripe.check()
    server.answers = [(503, b"<html>")]
    with pytest.raises(ConfigurationError, match="answers 503"):
        await stripe.check()


async def test_key_must_be_set() -> None:
    """Said at the start."""
    with pytest.raises(ConfigurationError, match="TENURE_GATEWAY_KEY must be set"):
        async with gateway(GatewaySettings("stripe")):
            pass
