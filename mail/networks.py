"""IP networks and addresses: whether an address is in a set of networks, and how one is written. Pure."""

from functools import lru_cache
from ipaddress import IPv4Network, IPv6Network, ip_address, ip_network


class Networks:
    """A set of IP networks, given as text ("10.0.0.0/8", "::1"). Raises ValueError for a wrong one.

    `address in networks`, in whatever form plain_address takes; what is not an address is in none.
    """

    def __init__(self, networks: tuple[str, ...]) -> None:
        self._networks = _parsed(networks)

    def __bool__(self) -> bool:
        return bool(self._networks)

    def __contains__(self, address: str) -> bool:
        return bool(self._networks) and _within(address, self._networks)


@lru_cache(maxsize=64)
def _parsed(networks: tuple[str, ...]) -> tuple[IPv4Network | IPv6Network, ...]:
    return tuple(ip_network(text, strict=False) for text in networks)


@lru_cache(maxsize=4096)
def _within(address: str, networks: tuple[IPv4Network | IPv6Network, ...]) -> bool:
    try:
        ip = ip_address(plain_address(address))
    except ValueError:
        return False
    return any(ip in network for network in networks)


@lru_cache(maxsize=4096)
def plain_address(address: str) -> str:
    """An IP address as text without its zone; an IPv4 address that came over an IPv6 socket is written as IPv4."""
    try:
        ip = ip_address(address.partition("%")[0])
    except ValueError:
        return address
    mapped = ip.ipv4_mapped if ip.version == 6 else None
    return str(mapped or ip)


@lru_cache(maxsize=4096)
def client_key(address: str) -> str:
    """What counts as one client: an IPv4 address, or the /64 that an IPv6 customer gets."""
    address = plain_address(address)
    try:
        ip = ip_address(address)
    except ValueError:
        return address
    return address if ip.version == 4 else str(ip_network((int(ip) >> 64 << 64, 64)))
