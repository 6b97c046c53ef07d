"""An OpenID Connect provider for tests: a server in a thread, with keys of its own.

It checks what a real one checks (client, redirect URI, PKCE, a code once), and does wrong on
request: tests set its attributes.
"""

import json
import threading
import time
from base64 import urlsafe_b64encode
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any
from urllib.parse import parse_qsl, urlencode

import uvicorn
from joserfc import jwt
from joserfc.jwk import ECKey, Key, KeySet, OctKey
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.routing import Route

from tests.waiting import PATIENCE, until

CLIENT_ID, CLIENT_SECRET = "tenure", "s/e cr%et"


def new_key(key_id: str) -> Key:
    """A key to sign with; elliptic, because making an RSA key takes long."""
    return ECKey.generate_key("P-256", {"kid": key_id, "use": "sig"})


@dataclass(slots=True)
class Provider:
    """The provider, and how its next answers shall be."""

    issuer: str = ""
    key: Key = field(default_factory=lambda: new_key("first"))
    algorithm: str = "ES256"
    # Replace claims of the ID token; None leaves one out.
    claims: dict[str, object] = field(default_factory=dict)
    userinfo: dict[str, object] = field(default_factory=dict)
    # Replace entries of the metadata; None leaves one out.
    metadata: dict[str, object] = field(default_factory=dict)
    # Changes the ID token after it was signed.
    signature: str | None = None
    # The error by which the user is sent back, without a code.
    error: str | None = None
    is_down: bool = False
    published: list[Key] | None = None
    # The parameters of authorization requests, by code.
    requests: dict[str, dict[str, str]] = field(default_factory=dict)
    # The paths that were requested, in order.
    paths: list[str] = field(default_factory=list)

    def app(self) -> Starlette:
        """The endpoints."""
        return Starlette(
            routes=[
                Route("/.well-known/openid-configuration", self.show_metadata),
                Route("/authorize", self.authorize),
                Route("/token", self.token, methods=["POST"]),
                Route("/keys", self.keys),
                Route("/userinfo", self.show_userinfo),
                Route("/logout", self.logout),
            ]
        )

    async def show_metadata(self, request: Request) -> Response:
        """The discovery document."""
        if self.is_down:
            return Response(status_code=503)
        self.paths.append(request.url.path)
        standard: dict[str, object] = {
            "issuer": self.issuer,
            "authorization_endpoint": f"{self.issuer}/authorize",
            "token_endpoint": f"{self.issuer}/token",
            "jwks_uri": f"{self.issuer}/keys",
            "userinfo_endpoint": f"{self.issuer}/userinfo",
            "end_session_endpoint": f"{self.issuer}/logout",
            # Announced, and never accepted by Tenure.
            "id_token_signing_alg_values_supported": ["ES256", "HS256", "none"],
        }
        return JSONResponse(without_none(standard | self.metadata))

    async def authorize(self, request: Request) -> Response:
        """Sends the user back at once."""
        asked = dict(request.query_params)
        code = f"code-{len(self.requests)}"
        self.requests[code] = asked
        answer = {"error": self.error} if self.error else {"code": code}
        query = urlencode({**answer, "state": asked["state"], "iss": self.issuer})
        return RedirectResponse(f"{asked['redirect_uri']}?{query}", 302)

    async def token(self, request: Request) -> Response:
        """Exchanges a code once, if the verifier matches its challenge."""
        self.paths.append(request.url.path)
        if self.is_down:
            return Response(status_code=503)
        sent = dict(parse_qsl((await request.body()).decode()))
        asked = self.requests.pop(sent.get("code", ""), None)
        verifier = sent.get("code_verifier", "").encode()
        challenge = urlsafe_b64encode(sha256(verifier).digest()).rstrip(b"=").decode()
        if (
            asked is None
            or challenge != asked.get("code_challenge")
            or asked["code_challenge_method"] != "S256"
            or sent["redirect_uri"] != asked["redirect_uri"]
        ):
            return JSONResponse({"error": "invalid_grant"}, 400)
        # The client ID and the secret are encoded like a form (RFC 6749, section 2.3.1).
        basic = request.headers.get("authorization", "")
        if basic != "Basic dGVudXJlOnMlMkZlK2NyJTI1ZXQ=":
            return JSONResponse({"error": "invalid_client"}, 401)
        return JSONResponse(
            {"id_token": self.id_token(asked), "access_token": "access", "token_type": "Bearer"}
        )

    def id_token(self, asked: dict[str, str]) -> str:
        """The signed claims of Ada."""
        now = int(time.time())
        standard: dict[str, object] = {
            "iss": self.issuer,
            "aud": CLIENT_ID,
            "sub": "subject-of-ada",
            "nonce": asked["nonce"],
            "iat": now,
            "exp": now + 300,
            "email": "ada@example.com",
            "email_verified": True,
            "name": "Ada Example",
        }
        return self.signed(without_none(standard | self.claims))

    def logout_token(self, **claims: object) -> str:
        """The signed claims that Ada has signed out; None leaves one out."""
        now = int(time.time())
        standard: dict[str, object] = {
            "iss": self.issuer,
            "aud": CLIENT_ID,
            "sub": "subject-of-ada",
            "iat": now,
            "exp": now + 120,
            "jti": "first",
            "events": {"http://schemas.openid.net/event/backchannel-logout": {}},
        }
        return self.signed(without_none(standard | claims))

    def signed(self, claims: dict[str, object]) -> str:
        """A token with these claims."""
        header = {"alg": self.algorithm}
        if self.key.kid:
            header["kid"] = self.key.kid
        if self.algorithm == "none":
            parts = (urlsafe_b64encode(json.dumps(it).encode()) for it in (header, claims))
            return ".".join([*(it.rstrip(b"=").decode() for it in parts), ""])
        signed = jwt.encode(header, claims, self.key, algorithms=[self.algorithm])
        if self.signature is None:
            return signed
        return ".".join([*signed.split(".")[:2], self.signature])

    async def keys(self, request: Request) -> Response:
        """The public keys; also one for encryption, which providers publish as well."""
        self.paths.append(request.url.path)
        published = [self.key] if self.published is None else self.published
        public = KeySet([it for it in published if not isinstance(it, OctKey)]).as_dict(
            private=False
        )
        encryption: dict[str, Any] = {"kty": "RSA", "use": "enc", "alg": "RSA-OAEP", "kid": "enc"}
        return JSONResponse({"keys": [encryption, *public["keys"]]})

    async def show_userinfo(self, request: Request) -> Response:
        """More claims, for the bearer of the access token."""
        self.paths.append(request.url.path)
        if request.headers.get("authorization") != "Bearer access":
            return JSONResponse({"error": "invalid_token"}, 401)
        return JSONResponse({"sub": "subject-of-ada"} | self.userinfo)

    async def logout(self, request: Request) -> Response:
        """Ends the session, and sends the user back."""
        self.paths.append(request.url.path)
        return RedirectResponse(request.query_params["post_logout_redirect_uri"], 302)


def without_none(values: dict[str, object]) -> dict[str, object]:
    """The entries that are not None."""
    return {name: value for name, value in values.items() if value is not None}


@contextmanager
def running_provider() -> Iterator[Provider]:
    """A provider on a free port of this machine."""
    provider = Provider()
    config = uvicorn.Config(provider.app(), port=0, log_config=None, lifespan="off")
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    until(lambda: server.started, lambda: "The provider did not start.")
    port = server.servers[0].sockets[0].getsockname()[1]
    provider.issuer = f"http://127.0.0.1:{port}"
    try:
        yield provider
    finally:
        server.should_exit = True
        thread.join(PATIENCE)
