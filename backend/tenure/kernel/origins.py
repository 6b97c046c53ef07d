"""Web origins: scheme, host and port."""

import re
from typing import NamedTuple
from urllib.parse import urlsplit

from tenure.kernel.errors import ConfigurationError

DEFAULT_PORTS = {"http": 80, "https": 443}
HOST = re.compile(r"[a-z0-9_]([a-z0-9._-]*[a-z0-9_])?\.?|[0-9a-f:.]*:[0-9a-f:.]+")


class Origin(NamedTuple):
    """The origin of a page."""

    scheme: str
    host: str
    port: int

    def __str__(self) -> str:
        """The serialization of browsers: without the default port of the scheme."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        is_default = self.port == DEFAULT_PORTS[self.scheme]
        return f"{self.scheme}://{host}" + ("" if is_default else f":{self.port}")


def origin_of(text: str) -> Origin | None:
    """The origin of an http or https URL; None for any other text."""
    try:
        parts = urlsplit(text.strip())
        scheme, host, port = parts.scheme, parts.hostname or "", parts.port
    except ValueError:
        return None
    if scheme not in DEFAULT_PORTS or not HOST.fullmatch(host) or parts.username is not None:
        return None
    return Origin(scheme, host, DEFAULT_PORTS[scheme] if port is None else port)


def public_url_of(setting: str) -> str:
    """TENURE_PUBLIC_URL in the serialization of browsers, or empty. Raises ValueError."""
    if not setting.strip():
        return ""
    origin = origin_of(setting)
    if origin is None or _has_path(setting):
        raise ValueError(
            "it must be https://HOST or https://HOST:PORT, without user, path, query and fragment"
        )
    return str(origin)


def check_gateway_url(setting: str) -> str:
    """TENURE_GATEWAY_URL. Raises ValueError if it is not an http or https URL."""
    if setting and (origin_of(setting) is None or any(mark in setting for mark in "?#")):
        raise ValueError("it must be https://HOST, with a port and a path where there are any")
    return setting


def allowed_origins(setting: str) -> tuple[str, ...]:
    """The origins of TENURE_ALLOWED_ORIGINS, in the serialization of browsers.

    Raises ConfigurationError for `*` and for other values that are not origins.
    """
    entries = [entry.strip() for entry in setting.split(",")]
    return tuple(str(_allowed(entry)) for entry in entries if entry)


def _allowed(entry: str) -> Origin:
    origin = origin_of(entry)
    if origin is None or _has_path(entry):
        raise ConfigurationError(
            f"TENURE_ALLOWED_ORIGINS names {entry[:100]!r}, which is no origin. "
            "List each as https://HOST or https://HOST:PORT, separated by commas; * is refused."
        )
    return origin


def _has_path(url: str) -> bool:
    """True if a path, a query or a fragment follows the host."""
    rest = url.strip().partition("://")[2].removesuffix("/")
    return any(character in rest for character in "/?#")
