"""Hosts in front of us that we believe: where a mail entered their house, and what they found (RFC 8601 §5, §7).

    came = by_hops(origin, message, trust)
    came.peer, came.helo        who handed it to the outermost of them; "" when they do not say
    came.results                what they found, by method

Diagnostics: none raised. What cannot be read is not believed.
"""

import ipaddress
import re
from collections.abc import Mapping

import msgspec

from config.settings import AuthenticationSection
from filters.facts import Origin
from mail.message import Header, Message
from mail.networks import Networks
from mail.trace import MethodResult, read_results

MOST = 10
"""Received fields of trusted hosts that are followed."""

_COMMENT = re.compile(r"\(([^()]*)\)")
_BY = re.compile(r"\sby\s", re.IGNORECASE)
_PLACE = re.compile(
    r"\s*(?:[^\s\[\]]+\s+)?\[(?:IPv6:)?([0-9A-Fa-f:.]+)\]|\s*([0-9A-Fa-f:.]+)\s*$", re.IGNORECASE
)
_LITERAL = re.compile(r"\[(?:IPv6:)?([0-9A-Fa-f:.]+)\]", re.IGNORECASE)
_HELO = re.compile(r"\bhelo=\[?([A-Za-z0-9.:_-]+)", re.IGNORECASE)


NAMELESS = "a trusted hop"
"""Who is believed where the results have no name (authentication.nameless_results)."""


class Came(msgspec.Struct, frozen=True):
    """How a mail came to us. `believed` is the authserv-id whose `results` are taken over, "" for none."""

    peer: str
    helo: str
    inside: bool = False
    believed: str = ""
    results: Mapping[str, tuple[MethodResult, ...]] = {}


def by_hops(origin: Origin, message: Message, trust: AuthenticationSection) -> Came:
    """Who handed the mail to the outermost trusted host, and what the trusted hosts found.

    Each Received field is believed because the host above it is: the first was written by the peer itself.
    """
    hops = Networks(trust.trusted_hops)
    if origin.peer not in hops:
        return Came(origin.peer, origin.helo)
    received = message.all("received")
    peer, helo, used = origin.peer, origin.helo, 0
    while peer in hops and used < min(len(received), MOST):
        peer, helo = handed_by(received[used])
        used += 1
    # Results that the outermost host wrote may stand above or below its own Received, not below the next one.
    end = received[used].span[0] if used < len(received) else message.header_end
    believed, results = _results([h for h in message.headers if h.span[0] < end], trust)
    if not peer or peer in hops:
        return Came("", "", True, believed, results)
    return Came(peer, helo, True, believed, results)


def handed_by(received: Header) -> tuple[str, str]:
    """The address and HELO name of the client in a Received field, "" where it does not say.

    The address is the one that the host saw (RFC 5321 §4.4 TCP-info), not what the client called itself: in the last
    comment that has one, "(name [192.0.2.1])" or "(192.0.2.1)"; else "from [192.0.2.1]", as Exim writes it.
    """
    text = " ".join(received.value.decode("utf-8", "replace")[:4096].split())
    if not text.lower().startswith("from "):
        return "", ""
    clause = _BY.split(text[5:], maxsplit=1)[0]
    said = clause.split(" ", 1)[0]
    comments = _COMMENT.findall(clause)
    for comment in reversed(comments):
        if (match := _PLACE.match(comment)) and _is_address(found := match[1] or match[2]):
            return found, _name(_HELO.search(comment), said)
    literal = _LITERAL.fullmatch(said)
    if literal and _is_address(literal[1]):
        return literal[1], _name(_HELO.search(clause), said)
    return "", ""


def _name(match: re.Match[str] | None, said: str) -> str:
    return (match[1] if match else said).strip("[]").rstrip(".").lower()


def _is_address(text: str) -> bool:
    try:
        ipaddress.ip_address(text)
    except ValueError:
        return False
    return True


def _results(
    headers: list[Header], trust: AuthenticationSection
) -> tuple[str, dict[str, tuple[MethodResult, ...]]]:
    """The results of the first trusted name, and for each method those of the first field that has it: a field below it
    may be one that a stranger brought."""
    believed = ""
    results: dict[str, tuple[MethodResult, ...]] = {}
    for header in headers:
        if header.name != "authentication-results":
            continue
        name, found = read_results(header.value)
        if not name and trust.nameless_results:
            name = NAMELESS
        elif name not in trust.trusted_results:
            continue
        if name != (believed or name):
            continue
        believed = name
        for method in {r.method for r in found} - results.keys():
            results[method] = tuple(r for r in found if r.method == method)
    return believed, results
