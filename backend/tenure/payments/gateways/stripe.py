"""Stripe, by its PaymentIntents API: one intent for each payment, created and confirmed in one call without the customer.

A token is a payment method (`pm_…`), or a customer's: `cus_…/pm_…`. Nobody is charged twice: each call bears our key as
Idempotency-Key, under which Stripe keeps the answer for a day at least. Whoever asks later what became of a payment searches for
the key, which every intent bears in its metadata; the search lags behind by less than that day, so whatever it does not
find may be charged again under the same key.
"""

from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from decimal import Decimal

import httpx
import structlog
from pydantic import BaseModel, ValidationError
from tenacity import (
    AsyncRetrying,
    RetryCallState,
    retry_if_exception_type,
    retry_if_result,
    stop_after_attempt,
)
from tenacity.wait import wait_random_exponential

from tenure.kernel.errors import ConfigurationError
from tenure.kernel.money import MINOR_UNITS
from tenure.kernel.settings import GatewaySettings
from tenure.policies.rules import Gateway, GatewayAnswer, PaymentOutcome, PaymentRequest

USUAL_PLACE = "https://api.stripe.com"
VERSION = "2024-06-20"
INTENTS = "/v1/payment_intents"
SECONDS_TO_ANSWER = 30
ATTEMPTS = 4
# Somebody else uses the key at this moment, or we ask too often.
BUSY = (httpx.codes.CONFLICT, httpx.codes.TOO_MANY_REQUESTS)

# Where Stripe counts in other units than ISO 4217 does.
STRIPES_UNITS = MINOR_UNITS | {"ISK": 2, "UGX": 2, "MGA": 0}

OUTCOMES = {
    **dict.fromkeys(["expired_card"], PaymentOutcome.EXPIRED),
    **dict.fromkeys(
        ["insufficient_funds", "withdrawal_count_limit_exceeded"], PaymentOutcome.INSUFFICIENT_FUNDS
    ),
    **dict.fromkeys(
        """
        incorrect_number invalid_number invalid_account invalid_expiry_month invalid_expiry_year lost_card stolen_card
        pickup_card restricted_card card_not_supported currency_not_supported new_account_information_available
        account_closed debit_not_authorized no_account bank_account_unusable
        """.split(),
        PaymentOutcome.INVALID_CARD,
    ),
}
NO_ANSWER = GatewayAnswer(PaymentOutcome.NO_ANSWER)

log = structlog.get_logger()


class Fault(BaseModel):
    """Why Stripe did not do it. A decline code says more than the code `card_declined`."""

    type: str = ""
    code: str | None = None
    decline_code: str | None = None
    param: str | None = None
    message: str | None = None


class Intent(BaseModel):
    """A payment, as Stripe has it."""

    id: str
    status: str
    last_payment_error: Fault | None = None


class Reply(BaseModel):
    """An error, or what a search found."""

    error: Fault = Fault()
    data: list[Intent] = []


class Stripe:
    """Stripe behind an open client."""

    def __init__(self, client: httpx.AsyncClient) -> None:
        self.client = client

    async def charge(self, request: PaymentRequest) -> GatewayAnswer:
        """Create and confirm an intent. What is not known at the end is NO_ANSWER."""
        amount = minor_units(request.amount, request.currency)
        if amount is None:
            words = f"Stripe cannot take {request.amount} {request.currency}: it is not a whole number of its units."
            return GatewayAnswer(PaymentOutcome.VALIDATION_FAILED, words=words)
        customer, _, method = request.token.rpartition("/")
        form = {
            "amount": str(amount),
            "currency": request.currency.lower(),
            "payment_method": method,
            "confirm": "true",
            "off_session": "true",
            "automatic_payment_methods[enabled]": "true",
            "automatic_payment_methods[allow_redirects]": "never",
            "metadata[tenure_key]": request.key,
            **({"customer": customer} if customer else {}),
        }
        response = await self._sent(
            "POST", INTENTS, data=form, headers={"Idempotency-Key": request.key}
        )
        return NO_ANSWER if response is None else _answer(response)

    async def ask(self, request: PaymentRequest) -> GatewayAnswer | None:
        """Search for the intent with our key. Of several, one that succeeded or may yet do so counts."""
        query = f"metadata['tenure_key']:'{request.key}'"
        response = await self._sent("GET", f"{INTENTS}/search", params={"query": query})
        if response is None or not response.is_success:
            return NO_ANSWER
        try:
            found = [
                _of_intent(intent) for intent in Reply.model_validate_json(response.content).data
            ]
        except ValidationError:
            return NO_ANSWER
        taken = (PaymentOutcome.SUCCEEDED, PaymentOutcome.NO_ANSWER)
        return min(
            found,
            key=lambda it: taken.index(it.outcome) if it.outcome in taken else len(taken),
            default=None,
        )

    async def check(self) -> None:
        """Look whether the key opens the door."""
        response = await self._sent("GET", INTENTS, params={"limit": "1"})
        if response is None:
            raise ConfigurationError(f"Stripe does not answer at {self.client.base_url}.")
        if response.status_code in (httpx.codes.UNAUTHORIZED, httpx.codes.FORBIDDEN):
            raise ConfigurationError(
                f"Stripe refuses TENURE_GATEWAY_KEY: {_fault(response).message}"
            )
        if not response.is_success:
            raise ConfigurationError(
                f"Stripe answers {response.status_code} at {self.client.base_url}."
            )

    async def _sent(
        self,
        method: str,
        path: str,
        *,
        data: dict[str, str] | None = None,
        params: dict[str, str] | None = None,
        headers: dict[str, str] | None = None,
    ) -> httpx.Response | None:
        """The answer; None where there is none. Tried again only where Stripe has surely not begun."""
        tries = AsyncRetrying(
            stop=stop_after_attempt(ATTEMPTS),
            wait=wait_random_exponential(multiplier=0.25, max=8),
            retry=retry_if_exception_type(httpx.ConnectError)
            | retry_if_result(lambda it: it.status_code in BUSY),
            retry_error_callback=_last_response,
        )
        try:
            return await tries(
                self.client.request, method, path, data=data, params=params, headers=headers
            )
        except httpx.TransportError as fault:
            log.warning("Stripe gave no answer", fault=f"{type(fault).__name__}: {fault}")
            return None


def open_stripe(settings: GatewaySettings) -> AbstractAsyncContextManager[Gateway]:
    """A client with the key, to be opened. Raises ConfigurationError at once where there is none."""
    if not settings.key:
        raise ConfigurationError(
            "TENURE_GATEWAY_KEY must be set with the gateway stripe: its secret key (sk_… or rk_…)."
        )
    return _opened(settings)


@asynccontextmanager
async def _opened(settings: GatewaySettings) -> AsyncIterator[Gateway]:
    client = httpx.AsyncClient(
        base_url=settings.url or USUAL_PLACE,
        auth=httpx.BasicAuth(settings.key, ""),
        headers={"Stripe-Version": VERSION},
        timeout=SECONDS_TO_ANSWER,
    )
    async with client:
        yield Stripe(client)


def minor_units(amount: Decimal, currency: str) -> int | None:
    """The amount as Stripe counts it; None where that is not a whole number."""
    units = amount.scaleb(STRIPES_UNITS.get(currency, 2))
    return int(units) if units == units.to_integral_value() else None


def _answer(response: httpx.Response) -> GatewayAnswer:
    """What a response to a charge means. 5xx and what cannot be read leave it open."""
    try:
        if response.is_success:
            return _of_intent(Intent.model_validate_json(response.content))
        fault = _fault(response)
    except ValidationError:
        return NO_ANSWER
    if response.status_code == httpx.codes.PAYMENT_REQUIRED:
        return _of_fault(fault)
    if (
        response.status_code in (httpx.codes.BAD_REQUEST, httpx.codes.NOT_FOUND)
        and fault.type != "idempotency_error"
    ):
        log.warning(
            "Stripe refused a payment", code=fault.code, param=fault.param, words=fault.message
        )
        unknown = fault.code == "resource_missing" and fault.param in ("payment_method", "customer")
        outcome = PaymentOutcome.INVALID_CARD if unknown else PaymentOutcome.VALIDATION_FAILED
        return GatewayAnswer(outcome, words=fault.message)
    # Our key, our right, or Stripe itself is at fault: no customer's.
    log.error(
        "Stripe took no payment", status=response.status_code, code=fault.code, words=fault.message
    )
    return NO_ANSWER


def _of_intent(intent: Intent) -> GatewayAnswer:
    """`processing` is a direct debit on its way; an intent that wants the customer in person is not going to be paid."""
    if intent.status == "succeeded":
        return GatewayAnswer(PaymentOutcome.SUCCEEDED, intent.id)
    if intent.status == "processing":
        return GatewayAnswer(PaymentOutcome.NO_ANSWER, intent.id)
    if intent.last_payment_error is not None:
        return _of_fault(intent.last_payment_error, intent.id)
    return GatewayAnswer(
        PaymentOutcome.VALIDATION_FAILED, intent.id, f"The payment was left as {intent.status}."
    )


def _of_fault(fault: Fault, reference: str | None = None) -> GatewayAnswer:
    """Declines that do not say that the card is at fault are failed validations."""
    code = fault.decline_code if fault.decline_code in OUTCOMES else fault.code
    return GatewayAnswer(
        OUTCOMES.get(code or "", PaymentOutcome.VALIDATION_FAILED), reference, fault.message
    )


def _fault(response: httpx.Response) -> Fault:
    return Reply.model_validate_json(response.content).error


def _last_response(state: RetryCallState) -> httpx.Response | None:
    """What the last try gave; raises what it raised."""
    return None if state.outcome is None else state.outcome.result()
