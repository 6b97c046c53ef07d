"""Which URLs and addresses may be sent to, and new secrets."""

import secrets
from base64 import b64encode
from datetime import timedelta
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address

import httpx

from tenure.kernel.errors import ErrorCode, TenureError
from tenure.kernel.text import required_text
from tenure.webhooks.deliveries.models import LONGEST_URL, WebhookStatus

# Each webhook may have ten requests in flight.
MAX_WEBHOOKS = 100
SECRET_BYTES = 32
# The time in which both secrets of a rotation sign.
ROTATION = timedelta(days=1)
SCHEMES = ("https",)
PRIVATE_SCHEMES = ("https", "http")
LOCAL_NAMES = ("localhost", "local", "internal")
# The well-known prefix of NAT64 (RFC 6052), and IPv4-compatible addresses (RFC 4291).
EMBEDDING = (IPv6Network("64:ff9b::/96"), IPv6Network("::/96"))
GLOBAL_UNICAST = IPv6Network("2000::/3")
# Protocol assignments, and the former relays of 6to4, which Python takes for global.
SPECIAL = (IPv4Network("192.0.0.0/24"), IPv4Network("192.88.99.0/24"))
LARGEST_PORT = 65_535


def new_secret() -> str:
    """A secret in the form of the Standard Webhooks specification."""
    return f"whsec_{b64encode(secrets.token_bytes(SECRET_BYTES)).decode()}"


def checked_url(url: str | None, *, allow_private: bool) -> str:
    """The URL as it is stored. Raises REQUIRED, OUT_OF_RANGE or INVALID (url).

    The addresses of the host are checked at each attempt, because they can change.
    """
    text = required_text(url, path="url", longest=LONGEST_URL)
    try:
        parsed = httpx.URL(text)
    except httpx.InvalidURL:
        raise _invalid("Provide a URL, for example https://example.com/tenure.") from None
    schemes = PRIVATE_SCHEMES if allow_private else SCHEMES
    if parsed.scheme not in schemes or not parsed.host:
        raise _invalid(
            f"Provide a URL that begins with {' or '.join(f'{it}://' for it in schemes)}, "
            "for example https://example.com/tenure."
        )
    if parsed.userinfo:
        message = "Provide the URL without user and password: each message is signed instead."
        raise _invalid(message)
    if parsed.fragment or "#" in text:
        raise _invalid("Provide the URL without the part from # on: it is not sent.")
    if parsed.port is not None and not 0 < parsed.port <= LARGEST_PORT:
        raise _invalid("Provide a port from 1 to 65,535.")
    if not allow_private and _names_private_host(parsed.host):
        raise _invalid(
            f"{parsed.host} is not a public address. The operator can allow private ones "
            "(TENURE_WEBHOOK_ALLOW_PRIVATE)."
        )
    return text


def is_public(address: str) -> bool:
    """True if an IP address is one of the public internet, and that of one host.

    An address that contains an IPv4 address is judged by that one.
    """
    try:
        parsed = ip_address(address)
    except ValueError:
        return False
    if isinstance(parsed, IPv6Address):
        if parsed.scope_id is not None:
            return False
        embedded = _embedded(parsed)
        if embedded is not None:
            return is_public(str(embedded))
        if parsed not in GLOBAL_UNICAST:
            return False
    is_special = (
        parsed.is_private
        or parsed.is_loopback
        or parsed.is_link_local
        or parsed.is_multicast
        or parsed.is_reserved
        or parsed.is_unspecified
        or any(parsed in network for network in SPECIAL)
    )
    return parsed.is_global and not is_special


def check_count(existing: int) -> None:
    """Raises NOT_ALLOWED if there are so many webhooks that no other one may be created."""
    if existing >= MAX_WEBHOOKS:
        message = f"There are {existing} webhooks, the most that are possible. Delete one first."
        raise TenureError(ErrorCode.NOT_ALLOWED, message)


def check_status(status: WebhookStatus | None) -> None:
    """Raises REQUIRED for null, and INVALID for FAILING, which nobody can set."""
    if status is None:
        raise TenureError(ErrorCode.REQUIRED, "Provide ACTIVE or PAUSED.", ("status",))
    if status is WebhookStatus.FAILING:
        message = "Provide ACTIVE or PAUSED. A webhook becomes FAILING by itself."
        raise TenureError(ErrorCode.INVALID, message, ("status",))


def _names_private_host(host: str) -> bool:
    name = host.rstrip(".").casefold()
    try:
        ip_address(name)
    except ValueError:
        return name.rpartition(".")[2] in LOCAL_NAMES
    return not is_public(name)


def _embedded(address: IPv6Address) -> IPv4Address | None:
    """The IPv4 address that packets to this address reach in the end."""
    if address.ipv4_mapped is not None:
        return address.ipv4_mapped
    if address.sixtofour is not None:
        return address.sixtofour
    if address.teredo is not None:
        return address.teredo[1]
    if any(address in network for network in EMBEDDING):
        return IPv4Address(int(address) & 0xFFFFFFFF)
    return None


def _invalid(message: str) -> TenureError:
    return TenureError(ErrorCode.INVALID, message, ("url",))
