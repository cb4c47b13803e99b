"""What our people decided before about senders, link hosts and files: allow and block lists (IN-REPORT, IN-WARN)."""

from collections.abc import Iterable

import msgspec

from mail.address import domain_of

ADDRESS, DOMAIN, HOST, FILE = KINDS = ("address", "domain", "host", "file")
ALLOW, BLOCK = LISTS = ("allow", "block")
LABELS = 8
"""Of a name that is looked up: the last ones, with those of the domains above it."""


class Listing(msgspec.Struct, frozen=True):
    """One entry in force.

    list     "allow" or "block"
    kind     "address", "domain" or "host" of a link (subdomains included), "file" (SHA-256 of its bytes, hex)
    subject  what is listed, in lower case
    people   addresses of the recipients it is for; () = everybody
    """

    list: str
    kind: str
    subject: str
    people: tuple[str, ...] = ()


def subjects(
    addresses: Iterable[str] = (), hosts: Iterable[str] = (), files: Iterable[str] = ()
) -> list[tuple[str, str]]:
    """(kind, subject) pairs under which these may be listed: an address also by its domain and parent domains."""
    found: dict[tuple[str, str], None] = {}
    for address in addresses:
        found[ADDRESS, address.lower()] = None
        for domain in _above(domain_of(address)):
            found[DOMAIN, domain] = None
    for host in hosts:
        for name in _above(host):
            found[HOST, name] = None
    for digest in files:
        found[FILE, digest.lower()] = None
    return list(found)


def _above(domain: str) -> list[str]:
    """The domain and its parents of two labels or more."""
    labels = domain.lower().rstrip(".").split(".")[-LABELS:]
    return [".".join(labels[i:]) for i in range(max(1, len(labels) - 1))] if labels[0] else []
