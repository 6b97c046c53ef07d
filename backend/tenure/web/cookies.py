"""Cookies of Tenure: HttpOnly, for this host only, and with the prefix `__Host-` behind TLS.

Browsers accept a cookie with this prefix only from the host itself and over TLS, so neither another
subdomain nor a network attacker can plant one. Without TLS browsers would reject such a cookie.
"""

from starlette.requests import HTTPConnection
from starlette.responses import Response

from tenure.web.defences import is_secure

HOST_PREFIX = "__Host-"


class HostCookie:
    """A cookie that only this host can set and that scripts cannot read."""

    def __init__(self, name: str, public_url: str) -> None:
        self.name = name
        self.public_url = public_url

    def read(self, connection: HTTPConnection) -> str:
        """The value; empty if there is none. Behind TLS only a cookie with the prefix counts."""
        return connection.cookies.get(self._name_for(connection), "")

    def set(
        self, response: Response, connection: HTTPConnection, value: str, *, seconds: int
    ) -> None:
        """Add the cookie to the response."""
        response.set_cookie(
            self._name_for(connection),
            value,
            max_age=seconds,
            httponly=True,
            samesite="lax",
            secure=is_secure(connection.scope, self.public_url),
        )

    def expire(self, response: Response, connection: HTTPConnection) -> None:
        """Make the browser delete the cookie."""
        response.delete_cookie(
            self._name_for(connection),
            httponly=True,
            samesite="lax",
            secure=is_secure(connection.scope, self.public_url),
        )

    def _name_for(self, connection: HTTPConnection) -> str:
        return (HOST_PREFIX if is_secure(connection.scope, self.public_url) else "") + self.name
