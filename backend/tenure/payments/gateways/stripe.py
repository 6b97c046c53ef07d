"""Stripe, by its PaymentIntents API: one intent per payment, created and confirmed in one call, off
session.

A token is a payment method (`pm_…`), or a customer and a payment method: `cus_…/pm_…`. Nobody is
charged twice: each call carries the payment's key as Idempotency-Key, and Stripe keeps its answer
for at least a day. A later lookup searches for the key, which every intent has in its metadata. The
search index lags by less than that day, so a payment that it does not find may be charged again
under the same key.
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

from tenure.kernel.currencies import MINOR_UNITS
from tenure.kernel.errors import ConfigurationError
from tenure.kernel.settings import GatewaySettings
from tenure.policies.rules import Gateway, GatewayAnswer, PaymentOutcome, PaymentRequest

API_URL = "https://api.stripe.com"
VERSION = "2024-06-20"
INTENTS = "/v1/payment_intents"
TIMEOUT_SECONDS = 30
ATTEMPTS = 4
# Another request uses the key at this moment, or the rate limit is reached.
BUSY = (httpx.codes.CONFLICT, httpx.codes.TOO_MANY_REQUESTS)

# Currencies whose minor unit at Stripe differs from ISO 4217.
STRIPE_MINOR_UNITS = {**MINOR_UNITS, "ISK": 2, "UGX": 2, "MGA": 0}

OUTCOMES = {
    **dict.fromkeys(["expired_card"], PaymentOutcome.EXPIRED),
    **dict.fromkeys(
        ["insufficient_funds", "withdrawal_count_limit_exceeded"], PaymentOutcome.INSUFFICIENT_FUNDS
    ),
    **dict.fromkeys(
        """
        incorrect_number invalid_number invalid_account invalid_expiry_month invalid_expiry_year
        lost_card stolen_card pickup_card restricted_card card_not_supported currency_not_supported
        new_account_information_available
        account_closed debit_not_authorized no_account bank_account_unusable
        """.split(),
        PaymentOutcome.INVALID_CARD,
    ),
}
NO_ANSWER = GatewayAnswer(PaymentOutcome.NO_ANSWER)

log = structlog.get_logger()


class StripeError(BaseModel):
    """An error of Stripe. A decline code is more specific than the code `card_declined`."""

    type: str = ""
    code: str | None = None
    decline_code: str | None = None
    param: str | None = None
    message: str | None = None


class Intent(BaseModel):
    """A payment intent of Stripe."""

    id: str
    status: str
    last_payment_error: StripeError | None = None


class StripeReply(BaseModel):
    """An error, or the results of a search."""

    error: StripeError = StripeError()
    data: list[Intent] = []


class StripeGateway:
    """Stripe, by an open client."""

    def __init__(self, client: httpx.AsyncClient) -> None:
        self.client = client

    async def charge(self, request: PaymentRequest) -> GatewayAnswer:
        """Create and confirm an intent. An unknown result is NO_ANSWER."""
        amount = minor_units(request.amount, request.currency)
        if amount is None:
            message = (
                f"Stripe can't process {request.amount} {request.currency}: "
                "the amount has too many decimals."
            )
            return GatewayAnswer(PaymentOutcome.VALIDATION_FAILED, words=message)
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
        """Search for the intent by key.

        Of several, one that succeeded or may still succeed takes precedence.
        """
        query = f"metadata['tenure_key']:'{request.key}'"
        response = await self._sent("GET", f"{INTENTS}/search", params={"query": query})
        if response is None or not response.is_success:
            return NO_ANSWER
        try:
            found = [
                _intent_answer(intent)
                for intent in StripeReply.model_validate_json(response.content).data
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
        """Check that Stripe accepts the key."""
        response = await self._sent("GET", INTENTS, params={"limit": "1"})
        if response is None:
            raise ConfigurationError(f"Stripe does not respond at {self.client.base_url}.")
        if response.status_code in (httpx.codes.UNAUTHORIZED, httpx.codes.FORBIDDEN):
            raise ConfigurationError(
                f"Stripe refuses TENURE_GATEWAY_KEY: {_error_of(response).message}"
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
        """The response; None where there is none.

        Retries only if Stripe has certainly not begun.
        """
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
            log.warning("Stripe did not respond", fault=f"{type(fault).__name__}: {fault}")
            return None


def open_stripe(settings: GatewaySettings) -> AbstractAsyncContextManager[Gateway]:
    """A client with the key, to be opened. Raises ConfigurationError at once without a key."""
    if not settings.key:
        raise ConfigurationError(
            "TENURE_GATEWAY_KEY must be set with the gateway stripe: its secret key (sk_… or rk_…)."
        )
    return _opened(settings)


@asynccontextmanager
async def _opened(settings: GatewaySettings) -> AsyncIterator[Gateway]:
    client = httpx.AsyncClient(
        base_url=settings.url or API_URL,
        auth=httpx.BasicAuth(settings.key, ""),
        headers={"Stripe-Version": VERSION},
        timeout=TIMEOUT_SECONDS,
    )
    async with client:
        yield StripeGateway(client)


def minor_units(amount: Decimal, currency: str) -> int | None:
    """The amount in Stripe's minor unit; None if it is not a whole number."""
    units = amount.scaleb(STRIPE_MINOR_UNITS.get(currency, 2))
    return int(units) if units == units.to_integral_value() else None


def _answer(response: httpx.Response) -> GatewayAnswer:
    """The meaning of a response to a charge. 5xx and unreadable responses leave it unknown."""
    try:
        if response.is_success:
            return _intent_answer(Intent.model_validate_json(response.content))
        fault = _error_of(response)
    except ValidationError:
        return NO_ANSWER
    if response.status_code == httpx.codes.PAYMENT_REQUIRED:
        return _error_answer(fault)
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
    # The API key, its permissions or Stripe itself is at fault, not the customer's payment method.
    log.error(
        "Stripe did not process a payment",
        status=response.status_code,
        code=fault.code,
        words=fault.message,
    )
    return NO_ANSWER


def _intent_answer(intent: Intent) -> GatewayAnswer:
    """`processing` is a direct debit under way.

    An intent that needs the customer will not be paid.
    """
    if intent.status == "succeeded":
        return GatewayAnswer(PaymentOutcome.SUCCEEDED, intent.id)
    if intent.status == "processing":
        return GatewayAnswer(PaymentOutcome.NO_ANSWER, intent.id)
    if intent.last_payment_error is not None:
        return _error_answer(intent.last_payment_error, intent.id)
    return GatewayAnswer(
        PaymentOutcome.VALIDATION_FAILED, intent.id, f"The payment was left as {intent.status}."
    )


def _error_answer(fault: StripeError, reference: str | None = None) -> GatewayAnswer:
    """A decline that does not blame the card is a failed validation."""
    code = fault.decline_code if fault.decline_code in OUTCOMES else fault.code
    return GatewayAnswer(
        OUTCOMES.get(code or "", PaymentOutcome.VALIDATION_FAILED), reference, fault.message
    )


def _error_of(response: httpx.Response) -> StripeError:
    return StripeReply.model_validate_json(response.content).error


def _last_response(state: RetryCallState) -> httpx.Response | None:
    """The response of the last attempt; raises its exception if it failed."""
    return None if state.outcome is None else state.outcome.result()
