"""Back-channel logout: the provider tells Tenure that a user has signed out there.

The request comes from the provider and not from a browser, with a token that the provider has
signed (OpenID Connect Back-Channel Logout 1.0).
"""

from functools import partial
from urllib.parse import parse_qs

import structlog
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from tenure.identity.attempts.actions import count_attempt, uncount_attempt
from tenure.identity.openid.actions import end_sessions_of_subject
from tenure.identity.openid.rules import RefusalReason, SignInRefusedError
from tenure.identity.rules import TooManyAttemptsError, address_key
from tenure.kernel.actor import SYSTEM
from tenure.web.oidc_client import ProviderClient
from tenure.web.sign_in import SignIn

# Providers sign far shorter tokens.
LONGEST_BODY = 16_384

log = structlog.get_logger()


class BackChannelLogout:
    """The route of back-channel logout."""

    def __init__(self, sign_in: SignIn) -> None:
        self.runtime = sign_in.runtime
        self.check_attempts = sign_in.check_attempts
        self.client = sign_in.provider

    def routes(self) -> list[Route]:
        """`/auth/oidc/backchannel-logout`, if there is a provider."""
        if self.client is None:
            return []
        end = partial(self.end, client=self.client)
        return [Route("/auth/oidc/backchannel-logout", end, methods=["POST"])]

    async def end(self, request: Request, *, client: ProviderClient) -> Response:
        """200 when the sessions have ended; 400 for a token that is not valid, or 429.

        A refused token counts as a failed attempt of its address: each one with an unknown key
        makes Tenure read the keys of the provider.
        """
        keys = (address_key(request.client.host if request.client else ""),)
        try:
            await self.check_attempts(keys)
            await self.runtime.run_in_unit(SYSTEM, partial(count_attempt, keys=keys))
        except TooManyAttemptsError as error:
            return JSONResponse(
                {"error": "slow_down"}, 429, headers={"retry-after": str(error.seconds)}
            )
        try:
            subject = await client.signed_out_subject(_logout_token(await request.body()))
        except SignInRefusedError as refusal:
            log.warning("a logout token was refused", detail=refusal.detail)
            if refusal.reason is RefusalReason.PROVIDER:
                await self.runtime.run_in_unit(SYSTEM, partial(uncount_attempt, keys=keys))
            return JSONResponse({"error": "invalid_request"}, 400)
        end = partial(end_sessions_of_subject, issuer=client.provider.issuer, subject=subject)
        await self.runtime.run_in_unit(SYSTEM, end)
        await self.runtime.run_in_unit(SYSTEM, partial(uncount_attempt, keys=keys))
        return Response(status_code=200)


def _logout_token(body: bytes) -> str:
    """The only `logout_token` of the form. Raises SignInRefusedError."""
    if len(body) <= LONGEST_BODY:
        values = parse_qs(body.decode(errors="replace")).get("logout_token", [])
        if len(values) == 1:
            return values[0]
    raise SignInRefusedError(RefusalReason.INVALID, "the form has no logout token")
