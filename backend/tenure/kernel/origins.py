"""Web origins: scheme, host and port. `http` and `https` of one host are two origins."""

import re
from typing import NamedTuple
from urllib.parse import urlsplit

from tenure.kernel.errors import ConfigurationError

DEFAULT_PORTS = {"http": 80, "https": 443}
HOST = re.compile(r"[a-z0-9_]([a-z0-9._-]*[a-z0-9_])?\.?|[0-9a-f:.]*:[0-9a-f:.]+")


class Origin(NamedTuple):
    """Where a page comes from."""

    scheme: str
    host: str
    port: int

    def __str__(self) -> str:
        """As a browser writes it: without the port that its scheme implies."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        is_default = self.port == DEFAULT_PORTS[self.scheme]
        return f"{self.scheme}://{host}" + ("" if is_default else f":{self.port}")


def origin_of(text: str) -> Origin | None:
    """The origin of a URL of http or https; None for anything else, however malformed."""
    try:
        parts = urlsplit(text.strip())
        scheme, host, port = parts.scheme, parts.hostname or "", parts.port
    except ValueError:
        return None
    if scheme not in DEFAULT_PORTS or not HOST.fullmatch(host) or parts.username is not None:
        return None
    return Origin(scheme, host, DEFAULT_PORTS[scheme] if port is None else port)


def public_url_of(setting: str) -> str:
    """TENURE_PUBLIC_URL as browsers write an origin; empty where it is. Raises ValueError."""
    if not setting.strip():
        return ""
    origin = origin_of(setting)
    if origin is None or _has_path(setting):
        raise ValueError(
            "it must be https://HOST or https://HOST:PORT, without user, path, query and fragment"
        )
    return str(origin)


def check_gateway_url(setting: str) -> str:
    """TENURE_GATEWAY_URL. Raises ValueError where it is no URL of http or https."""
    if setting and (origin_of(setting) is None or any(mark in setting for mark in "?#")):
        raise ValueError("it must be https://HOST, with a port and a path where there are any")
    return setting


def allowed_origins(setting: str) -> tuple[str, ...]:
    """The origins that TENURE_ALLOWED_ORIGINS lists, as browsers write them.

    Raises ConfigurationError for `*` and for what is no origin.
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
    """True where more than one `/` follows the host: a path, a query or a fragment."""
    rest = url.strip().partition("://")[2].removesuffix("/")
    return any(character in rest for character in "/?#")
