"""Parses the networks of a setting, and tells whether one contains an address."""

from collections.abc import Sequence
from ipaddress import IPv4Network, IPv6Network, ip_address, ip_network
from typing import TypeAlias

Network: TypeAlias = IPv4Network | IPv6Network


def networks(value: str) -> tuple[Network, ...]:
    """Parses networks and addresses, separated by commas. Raises ValueError."""
    try:
        return tuple(ip_network(part.strip()) for part in value.split(",") if part.strip())
    except ValueError:
        raise ValueError(
            "it must be networks or addresses, separated by commas, like 10.0.0.0/8, 192.168.1.5"
        ) from None


def contains(known: Sequence[Network], address: str) -> bool:
    """True if one of the networks contains the address; false for an invalid address."""
    try:
        parsed = ip_address(address)
    except ValueError:
        return False
    return any(parsed in network for network in known)
