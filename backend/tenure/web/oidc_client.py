"""The client of an OpenID Connect provider: authorization code flow with PKCE.

joserfc verifies the signature and the claims of the ID token. Only asymmetric signatures are
accepted, whatever algorithms the provider announces, and only of the issuer that is set
(docs/decisions/16-openid-connect.md).
"""

from base64 import urlsafe_b64encode
from collections.abc import Mapping
from hashlib import sha256
from types import MappingProxyType
from typing import Any
from urllib.parse import quote_plus

import httpx
from cachetools import TTLCache
from joserfc import jwt
from joserfc.errors import BadSignatureError, InvalidKeyIdError, JoseError
from joserfc.jwk import KeySet
from joserfc.jwt import JWTClaimsRegistry
from pydantic import BaseModel, ValidationError

from tenure.identity.openid.rules import RefusalReason, SignInRefusedError, claim, is_subject
from tenure.kernel.errors import printable
from tenure.kernel.identity_provider import IdentityProvider, is_protected

TIMEOUT_SECONDS = 10
# The metadata and the keys of the provider are read again after this time.
CACHE_SECONDS = 3600
# Between the clocks of the two machines.
LEEWAY_SECONDS = 60
ALGORITHMS = [
    *("RS256", "RS384", "RS512", "PS256", "PS384", "PS512"),
    *("ES256", "ES384", "ES512", "Ed25519"),
]
KEY_TYPES = {"RSA", "EC", "OKP"}
ACCEPT_JSON = {"accept": "application/json"}
LOGOUT_EVENT = "http://schemas.openid.net/event/backchannel-logout"
METADATA_PATH = "/.well-known/openid-configuration"


class ProviderMetadata(BaseModel):
    """What the provider says about itself (OpenID Connect Discovery 1.0)."""

    issuer: str
    authorization_endpoint: str
    token_endpoint: str
    jwks_uri: str
    userinfo_endpoint: str | None = None
    end_session_endpoint: str | None = None
    token_endpoint_auth_methods_supported: list[str] = ["client_secret_basic"]


class Tokens(BaseModel):
    """The answer of the token endpoint."""

    id_token: str
    access_token: str = ""


class ProviderClient:
    """Talks to one provider. Every method raises SignInRefusedError (PROVIDER, INVALID)."""

    def __init__(self, provider: IdentityProvider) -> None:
        self.provider = provider
        # Loading the certificates takes as long as a hundred requests.
        self.tls = httpx.create_ssl_context()
        # At most one entry each.
        self.known_metadata: TTLCache[str, ProviderMetadata] = TTLCache(1, CACHE_SECONDS)
        self.known_keys: TTLCache[str, KeySet] = TTLCache(1, CACHE_SECONDS)

    async def check(self) -> None:
        """Read the metadata and the keys."""
        await self._keys(await self.metadata())

    async def metadata(self) -> ProviderMetadata:
        """The metadata of the provider, which must name the issuer that is set."""
        url = self.provider.issuer.removesuffix("/") + METADATA_PATH
        if (known := self.known_metadata.get(url)) is not None:
            return known
        try:
            found = ProviderMetadata.model_validate(await self._read(url))
        except ValidationError as fault:
            missing = ", ".join(str(error["loc"][0]) for error in fault.errors())
            raise _unusable(f"its metadata lack or garble {missing}") from None
        if found.issuer != self.provider.issuer:
            raise _unusable(
                f"its metadata name the issuer {printable(found.issuer[:200])}: set "
                "TENURE_OIDC_ISSUER exactly so, if that is the provider"
            )
        endpoints = (
            *(found.authorization_endpoint, found.token_endpoint, found.jwks_uri),
            *filter(None, (found.userinfo_endpoint, found.end_session_endpoint)),
        )
        if not all(map(is_protected, endpoints)):
            raise _unusable("its metadata name an endpoint without TLS")
        self.known_metadata[url] = found
        return found

    async def authorization_url(self, *, state: str, nonce: str, verifier: str) -> str:
        """The address at which the user signs in."""
        endpoint = (await self.metadata()).authorization_endpoint
        parameters = {
            "response_type": "code",
            "client_id": self.provider.client_id,
            "redirect_uri": self.provider.redirect_uri,
            "scope": self.provider.scopes,
            "state": state,
            "nonce": nonce,
            "code_challenge": code_challenge(verifier),
            "code_challenge_method": "S256",
        }
        return str(httpx.URL(endpoint).copy_merge_params(parameters))

    async def end_session_url(self) -> str | None:
        """The address that ends the session at the provider; None if it has none."""
        endpoint = (await self.metadata()).end_session_endpoint
        if endpoint is None:
            return None
        parameters = {
            "client_id": self.provider.client_id,
            "post_logout_redirect_uri": self.provider.post_logout_redirect_uri,
        }
        return str(httpx.URL(endpoint).copy_merge_params(parameters))

    async def claims(self, *, code: str, nonce: str, verifier: str) -> dict[str, object]:
        """Exchange the code for the claims of the ID token.

        Those of the userinfo endpoint are added if the ID token has no e-mail address or no role.
        """
        metadata = await self.metadata()
        tokens = await self._tokens(metadata, code, verifier)
        claims = await self._validated(metadata, tokens.id_token, nonce)
        if metadata.userinfo_endpoint is None or not self._lacks_claims(claims):
            return claims
        authorization = {"authorization": f"Bearer {tokens.access_token}"}
        found = await self._read(metadata.userinfo_endpoint, authorization)
        if found.get("sub") != claims["sub"]:
            raise _invalid("the userinfo endpoint answered about another subject")
        # Those of the ID token take precedence, because they are signed.
        return found | claims

    async def signed_out_subject(self, logout_token: str) -> str:
        """The subject who signed out at the provider (Back-Channel Logout 1.0, section 2.6).

        A token with a session of the provider and no subject is refused: Tenure does not store it.
        """
        own: dict[str, Any] = {name: {"essential": True} for name in ("sub", "jti", "events")}
        metadata = await self.metadata()
        claims = await self._verified(metadata, logout_token, "logout token", own)
        events, subject = claims["events"], claims["sub"]
        if not isinstance(events, dict) or not isinstance(events.get(LOGOUT_EVENT), dict):
            raise _invalid("the logout token is about another event")
        if "nonce" in claims:
            raise _invalid("the logout token has a nonce, like an ID token")
        if not isinstance(subject, str) or not is_subject(subject):
            raise _invalid("the logout token names no subject")
        return subject

    async def _tokens(self, metadata: ProviderMetadata, code: str, verifier: str) -> Tokens:
        """The answer of the token endpoint."""
        form = {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": self.provider.redirect_uri,
            "code_verifier": verifier,
        }
        identifier, secret = self.provider.client_id, self.provider.client_secret
        supported, auth = metadata.token_endpoint_auth_methods_supported, None
        if secret and "client_secret_basic" in supported:
            # RFC 6749, section 2.3.1: both are encoded like the values of a form.
            auth = httpx.BasicAuth(quote_plus(identifier), quote_plus(secret))
        elif secret and "client_secret_post" in supported:
            form |= {"client_id": identifier, "client_secret": secret}
        elif secret:
            raise _unusable("it supports neither client_secret_basic nor client_secret_post")
        else:
            # A public client: PKCE alone protects the code.
            form |= {"client_id": identifier}
        request = httpx.Request("POST", metadata.token_endpoint, data=form, headers=ACCEPT_JSON)
        try:
            return Tokens.model_validate(await self._sent(request, auth))
        except ValidationError:
            raise _invalid("the provider sent no ID token") from None

    async def _validated(
        self, metadata: ProviderMetadata, id_token: str, nonce: str
    ) -> dict[str, object]:
        """The claims of the ID token (OpenID Connect Core 1.0, section 3.1.3.7)."""
        client_id = self.provider.client_id
        own: dict[str, Any] = {
            "nonce": {"essential": True, "value": nonce},
            "sub": {"essential": True},
        }
        claims = await self._verified(metadata, id_token, "ID token", own)
        has_others = isinstance(claims["aud"], list) and len(claims["aud"]) > 1
        if claims.get("azp", None if has_others else client_id) != client_id:
            raise _invalid("the ID token is for another client (azp)")
        return claims

    async def _verified(
        self, metadata: ProviderMetadata, token: str, name: str, own: Mapping[str, Any]
    ) -> dict[str, Any]:
        """The claims of a token for Tenure, whose signature, times and `own` claims are valid."""
        required = JWTClaimsRegistry(
            leeway=LEEWAY_SECONDS,
            iss={"essential": True, "value": self.provider.issuer},
            aud={"essential": True, "value": self.provider.client_id},
            exp={"essential": True},
            iat={"essential": True},
            **own,
        )
        try:
            try:
                claims = _decoded(token, await self._keys(metadata))
            except (InvalidKeyIdError, BadSignatureError):
                # The provider may have changed its keys.
                self.known_keys.clear()
                claims = _decoded(token, await self._keys(metadata))
            required.validate(claims)
        except JoseError as fault:
            raise _invalid(f"the {name} is invalid: {printable(str(fault))}") from None
        except (ValueError, TypeError) as fault:
            raise _invalid(f"the {name} is malformed: {type(fault).__name__}") from None
        return claims

    def _lacks_claims(self, claims: dict[str, object]) -> bool:
        """True if the ID token is without the address or the role: it need not contain them."""
        role_claim = self.provider.role_claim
        return "email" not in claims or bool(role_claim and claim(claims, role_claim) is None)

    async def _keys(self, metadata: ProviderMetadata) -> KeySet:
        """The keys with which the provider signs. It may publish others, for encryption."""
        if (known := self.known_keys.get(metadata.jwks_uri)) is not None:
            return known
        found = await self._read(metadata.jwks_uri)
        keys = found.get("keys")
        signing = [
            key
            for key in (keys if isinstance(keys, list) else [])
            if isinstance(key, dict)
            and key.get("kty") in KEY_TYPES
            and key.get("use", "sig") == "sig"
        ]
        try:
            imported = KeySet.import_key_set({"keys": signing})
        except (JoseError, ValueError, TypeError):
            raise _unusable("its keys cannot be read") from None
        self.known_keys[metadata.jwks_uri] = imported
        return imported

    async def _read(
        self, url: str, headers: Mapping[str, str] = MappingProxyType({})
    ) -> dict[str, object]:
        """The JSON object at this address."""
        return await self._sent(httpx.Request("GET", url, headers={**ACCEPT_JSON, **headers}))

    async def _sent(
        self, request: httpx.Request, auth: httpx.Auth | None = None
    ) -> dict[str, object]:
        """The JSON object with which the provider answers. Redirects are not followed."""
        path = printable(request.url.path)
        try:
            async with httpx.AsyncClient(timeout=TIMEOUT_SECONDS, verify=self.tls) as client:
                response = await client.send(request, auth=auth)
            answer = response.json()
        except httpx.HTTPError as fault:
            raise _unusable(f"{path} does not answer: {type(fault).__name__}") from None
        except ValueError:
            raise _unusable(f"{path} answers {response.status_code} without JSON") from None
        if not isinstance(answer, dict):
            raise _unusable(f"{path} answers no JSON object")
        if not response.is_success:
            # Codes of RFC 6749, section 5.2, such as `invalid_grant`.
            reason = printable(str(answer.get("error", ""))[:100])
            refusal = _invalid if reason == "invalid_grant" else _unusable
            raise refusal(f"{path} answers {response.status_code} {reason}".strip())
        return answer


def code_challenge(verifier: str) -> str:
    """The challenge of a PKCE verifier by S256 (RFC 7636)."""
    digest = sha256(verifier.encode()).digest()
    return urlsafe_b64encode(digest).rstrip(b"=").decode()


def _decoded(token: str, keys: KeySet) -> dict[str, Any]:
    """The claims of a token with a valid signature. Raises JoseError."""
    return jwt.decode(token, keys, algorithms=ALGORITHMS).claims


def _unusable(detail: str) -> SignInRefusedError:
    return SignInRefusedError(RefusalReason.PROVIDER, detail)


def _invalid(detail: str) -> SignInRefusedError:
    return SignInRefusedError(RefusalReason.INVALID, detail)
