"""IN-LOOKALIKE: a host name that mixes letters of other alphabets, or accents, with plain ones."""

import re
from collections.abc import Iterator

from config.policy import Organisation
from filters.finding import Evidence, Sight
from filters.lures.hosts import readable
from filters.rule import rule
from filters.trigger import Given
from filters.views import ByLinks

_PLAIN = re.compile(r"[a-z]")
_OTHERS = re.compile(
    r"[\u0250-\u02af\u0370-\u058f\u10a0-\u10ff\u13a0-\u13ff\u1c80-\u1c8f\u1d00-\u1dbf\u2c60-\u2c7f\ua720-\ua7ff]"
)
_ACCENTED = re.compile(r"[\u00c0-\u024f\u1e00-\u1eff]")
_AT_HOME = frozenset(
    [
        "de",
        "at",
        "ch",
        "li",
        "fr",
        "be",
        "lu",
        "es",
        "pt",
        "br",
        "it",
        "se",
        "no",
        "dk",
        "fi",
        "is",
        "pl",
        "cz",
        "sk",
        "hu",
        "ro",
        "ee",
        "lv",
        "lt",
        "tr",
        "hr",
        "si",
        "nl",
        "vn",
        "eu",
        "swiss",
        "berlin",
        "bayern",
        "paris",
        "cat",
        "gal",
        "bzh",
        "quebec",
    ]
)
"""Top-level domains of languages written with accents."""


@rule(control="IN-LOOKALIKE", direction="inbound", wakes=(Given.LINK, Given.FOREIGN_HOST))
def foreign_host(mail: ByLinks, organisation: Organisation) -> Iterator[Sight]:
    """Punycode (RFC 3492) in the sender's domain or a link: Latin mixed with Cyrillic, Greek and the like, 3;
    accents, 1.

    Accents are normal below the domains of many countries; names in one other script only, such as Japanese,
    are fine.
    """
    incoming = mail.incoming
    places = [(incoming.domain, "header:from", 0)] if incoming.domain else []
    places += [(link.host, link.part, link.offset) for link in incoming.links[:100]]
    for host, part, offset in dict.fromkeys(places):
        if weight := _weight(host):
            shown = readable(host)
            values = {"host": shown[:60], "code": host[:60]}
            yield Sight((Evidence(shown[:120], part, offset),), weight=weight, values=values)
            return


def _weight(host: str) -> int:
    if host.isascii() and "xn--" not in host:
        return 0
    weight = 0
    for label in readable(host).split("."):
        if _PLAIN.search(label):
            if _OTHERS.search(label):
                return 3
            if _ACCENTED.search(label) and host.rpartition(".")[2] not in _AT_HOME:
                weight = 1
    return weight
