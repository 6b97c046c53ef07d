"""Sign-in through an OpenID Connect provider, beside passwords.

`/auth/oidc` sends the browser to the provider; `/auth/oidc/callback` receives it and opens a
session. What must be known between the two is in a signed cookie of the browser, so that any
process can finish what another one began, and only the browser that began it.
"""

import secrets
from dataclasses import asdict, dataclass
from functools import partial
from hmac import compare_digest
from urllib.parse import urlencode

import structlog
from itsdangerous import BadSignature, URLSafeTimedSerializer
from starlette.datastructures import QueryParams
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.routing import Route

from tenure.identity.attempts.actions import count_attempt, record_refusal, uncount_attempt
from tenure.identity.openid.actions import admit_user
from tenure.identity.openid.rules import (
    RefusalReason,
    RoleMapping,
    SignInRefusedError,
    provider_user,
    verified_email,
)
from tenure.identity.rules import (
    FAILURE_WINDOW,
    AttemptKey,
    TooManyAttemptsError,
    address_key,
    digest_of,
)
from tenure.kernel.actor import SYSTEM
from tenure.kernel.errors import printable
from tenure.kernel.settings import Settings
from tenure.web.cookies import HostCookie
from tenure.web.oidc_client import ProviderClient
from tenure.web.sign_in import SignIn

COOKIE = "tenure_oidc"
# As long as a used state is remembered, so that no state can be used twice.
FLOW_SECONDS = int(FAILURE_WINDOW.total_seconds())
DEFAULT_PATH = "/accounts"
# A cookie has at most 4 KB.
LONGEST_PATH = 1500

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Flow:
    """A sign-in that has begun: what the callback must match, and where the user wanted to go."""

    state: str
    nonce: str
    verifier: str
    path: str


class OidcSignIn:
    """The routes of sign-in through the provider."""

    def __init__(self, sign_in: SignIn, settings: Settings) -> None:
        self.sign_in = sign_in
        self.signer = URLSafeTimedSerializer(settings.session_key(), salt="tenure oidc")
        self.cookie = HostCookie(COOKIE, settings.public_url)

    def routes(self) -> list[Route]:
        """`/auth/methods`, and with a provider `/auth/oidc` and `/auth/oidc/callback`."""
        methods = Route("/auth/methods", self.methods)
        client = self.sign_in.provider
        if client is None:
            return [methods]
        return [
            methods,
            Route("/auth/oidc", partial(self.start, client=client)),
            Route("/auth/oidc/callback", partial(self.finish, client=client)),
        ]

    async def methods(self, request: Request) -> Response:
        """How users can sign in: whether by password; `provider` is null, or has a name."""
        client = self.sign_in.provider
        name = None if client is None else {"name": client.provider.name}
        return JSONResponse({"password": self.sign_in.by_password, "provider": name})

    async def start(self, request: Request, *, client: ProviderClient) -> Response:
        """Redirects to the provider, or back to the sign-in page with the reason."""
        path = return_path(request.query_params.get("from", ""))
        state, nonce, verifier = (secrets.token_urlsafe(32) for _ in range(3))
        flow = Flow(state, nonce, verifier, path)
        try:
            url = await client.authorization_url(
                state=flow.state, nonce=flow.nonce, verifier=flow.verifier
            )
        except SignInRefusedError as refusal:
            return _refused(refusal, path)
        response = RedirectResponse(url, 303)
        signed = self.signer.dumps(asdict(flow))
        self.cookie.set(response, request, signed, seconds=FLOW_SECONDS)
        return response

    async def finish(self, request: Request, *, client: ProviderClient) -> Response:
        """Redirects to the page with a session, or to the sign-in page with the reason."""
        flow = self._flow(request)
        path = DEFAULT_PATH if flow is None else flow.path
        try:
            if flow is None:
                raise SignInRefusedError(RefusalReason.EXPIRED, "no sign-in has begun")
            code = _checked_code(request.query_params, flow, client.provider.issuer)
            address = request.client.host if request.client else ""
            secret = await self._new_session(client, flow, code, address)
        except SignInRefusedError as refusal:
            response = _refused(refusal, path)
        else:
            response = RedirectResponse(path, 303)
            self.sign_in.sessions.set_cookie(response, request, secret)
        self.cookie.expire(response, request)
        return response

    def _flow(self, request: Request) -> Flow | None:
        """The flow of the cookie; None if it is missing, was modified, or is too old."""
        try:
            return Flow(**self.signer.loads(self.cookie.read(request), max_age=FLOW_SECONDS))
        except BadSignature:
            return None

    async def _new_session(
        self, client: ProviderClient, flow: Flow, code: str, address: str
    ) -> str:
        """The secret of a session of the user. Raises SignInRefusedError.

        A refused attempt counts as failed for the address, unless the provider is at fault.
        """
        runtime, provider = self.sign_in.runtime, client.provider
        keys = (address_key(address),)
        used = AttemptKey(digest_of(f"state {flow.state}"), 1)
        await self._count((used,), RefusalReason.EXPIRED)
        await self._count(keys, RefusalReason.ATTEMPTS)
        try:
            claims = await client.claims(code=code, nonce=flow.nonce, verifier=flow.verifier)
        except SignInRefusedError as refusal:
            if refusal.reason is RefusalReason.PROVIDER:
                await runtime.run_in_unit(SYSTEM, partial(uncount_attempt, keys=keys))
            raise
        mapping = RoleMapping(provider.role_claim, provider.roles, provider.default_role)
        try:
            known = provider_user(provider.issuer, claims, mapping)
            user = await runtime.run_in_unit(SYSTEM, partial(admit_user, known=known))
        except SignInRefusedError:
            email = verified_email(claims) or ""
            await runtime.run_in_unit(SYSTEM, partial(record_refusal, email=email, address=address))
            raise
        secret = await self.sign_in.open_session(user, keys, provider.issuer)
        if secret is None:
            raise SignInRefusedError(RefusalReason.DISABLED, "the user was changed meanwhile")
        return secret

    async def _count(self, keys: tuple[AttemptKey, ...], reason: RefusalReason) -> None:
        """Count the attempt. Raises SignInRefusedError with the reason if none is left."""
        try:
            await self.sign_in.check_attempts(keys)
            await self.sign_in.runtime.run_in_unit(SYSTEM, partial(count_attempt, keys=keys))
        except TooManyAttemptsError:
            raise SignInRefusedError(reason, "no attempt is left") from None


def return_path(text: str) -> str:
    """The path to return to after sign-in; a default for anything that is no path of ours.

    Browsers drop tabs and line breaks in addresses, and read a backslash as a slash.
    """
    is_path = text.startswith("/") and not text.startswith(("//", "/\\"))
    is_plain = text.isascii() and text.isprintable() and len(text) <= LONGEST_PATH
    return text if is_path and is_plain else DEFAULT_PATH


def _checked_code(query: QueryParams, flow: Flow, issuer: str) -> str:
    """The code of the provider's answer to this flow. Raises SignInRefusedError."""
    if not compare_digest(query.get("state", "").encode(), flow.state.encode()):
        raise SignInRefusedError(RefusalReason.EXPIRED, "the state is that of another sign-in")
    if query.get("iss", issuer) != issuer:
        raise SignInRefusedError(RefusalReason.INVALID, "another issuer has answered")
    error = query.get("error")
    if error == "access_denied":
        raise SignInRefusedError(RefusalReason.CANCELLED, error)
    if error is not None:
        detail = f"the provider answered {printable(error[:100])}"
        raise SignInRefusedError(RefusalReason.PROVIDER, detail)
    code = query.get("code")
    if not code:
        raise SignInRefusedError(RefusalReason.INVALID, "the provider sent no code")
    return code


def _refused(refusal: SignInRefusedError, path: str) -> Response:
    """Logs the refusal, and returns to the sign-in page, which has a text for the reason."""
    log.warning("a sign-in was refused", reason=refusal.reason.value, detail=refusal.detail)
    query = urlencode({"problem": refusal.reason.value, "from": path})
    return RedirectResponse(f"/sign-in?{query}", 303)
