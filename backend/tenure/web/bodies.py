"""Starlette's limit of request bodies and compression, for the requests that need them.

Each takes longer than any other layer, and most requests need neither.
"""

from starlette.middleware.body_limit import RequestBodyLimitMiddleware
from starlette.middleware.gzip import GZipMiddleware
from starlette.types import Receive, Scope, Send

from tenure.web.errors import GRAPHQL_PATHS

# A file is streamed to the database, and has a limit of its own (`web.imports`).
UPLOAD_PATH = "/imports"


class BodyLimit(RequestBodyLimitMiddleware):
    """The limit. A body of a small declared length cannot exceed it: uvicorn reads no more."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle an ASGI connection."""
        passes = scope["type"] == "http" and (
            scope["path"] == UPLOAD_PATH or self._declares_small_body(scope)
        )
        await (self.app if passes else super().__call__)(scope, receive, send)

    def _declares_small_body(self, scope: Scope) -> bool:
        lengths = [
            value
            for name, value in scope["headers"]
            if name in (b"content-length", b"transfer-encoding")
        ]
        # A header without a digit, or a second one, is left to the limit.
        return len(lengths) == 1 and lengths[0].isdigit() and int(lengths[0]) <= self.max_body_size


class Compression(GZipMiddleware):
    """Compression. Answers of the API are never stored, so those as they are need no `Vary`."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle an ASGI connection."""
        is_api = scope["type"] == "http" and scope["path"] in GRAPHQL_PATHS
        is_plain = is_api and not accepts_gzip(scope)
        await (self.app if is_plain else super().__call__)(scope, receive, send)


def accepts_gzip(scope: Scope) -> bool:
    """True if the client understands compressed bodies."""
    return any(name == b"accept-encoding" and b"gzip" in value for name, value in scope["headers"])
