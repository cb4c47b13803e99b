"""IN-SPOOF: the name of a public authority over an address that belongs to none."""

from collections.abc import Iterator

import re2

from config import lists
from config.policy import Organisation
from filters.finding import Sight
from filters.lures.belonging import is_author_proved
from filters.lures.hosts import below, is_registered, is_restricted
from filters.lures.phrases import plain_of
from filters.lures.strangers import house
from filters.rule import rule
from filters.trigger import Given
from filters.views import ByLinks
from mail.charset import fold

_ENTRIES = tuple(lists.table("authorities").values())
_WORDS = sorted((word for entry in _ENTRIES for word in entry["words"]), key=len, reverse=True)
_NAMED = re2.compile(
    rf"(?:^|[^a-z0-9])({'|'.join(re2.escape(w) for w in _WORDS if w.isascii())})(?:[^a-z0-9]|$)"
    rf"|({'|'.join(re2.escape(w) for w in _WORDS if not w.isascii())})"
)
_LISTED = frozenset(domain for entry in _ENTRIES for domain in entry["domains"])
_DOMAINS = frozenset(domain for domain in _LISTED if "*" not in domain)
_AROUND = tuple((d.partition("*")[0], d.partition("*")[2]) for d in sorted(_LISTED) if "*" in d)
"""(beginning, end) of the domains that have a name between: city.kawasaki.jp."""


@rule(control="IN-SPOOF", direction="inbound", wakes=(Given.NAME,))
def claimed_authority(mail: ByLinks, organisation: Organisation) -> Iterator[Sight]:
    """The sender's name is an authority's (config/lists/authorities.toml), the domain neither a government's nor one that
    only offices, schools and societies get, nor, proved, one of a registry that asks who registers, with a plain name. Weight 3, 4 with a link. People who name their profession (「税理士」) claim nothing."""
    incoming = mail.incoming
    domain = incoming.domain
    if not incoming.name or not domain or incoming.known() or organisation.internal(incoming.author.address):
        return
    found = _NAMED.search(plain_of(fold(incoming.name)[:200].lower()))
    if found is None or below(domain, _DOMAINS) or is_restricted(domain) or _is_regional(domain):
        return
    # such a name in a registry of societies may be one of theirs: "Tax Accountants' Association"
    if is_registered(domain) and is_author_proved(mail) and house(domain) == 0:
        return
    weight = 1 if incoming.is_bulk or incoming.is_long else 4 if incoming.links else 3
    values = {"name": (found[1] or found[2])[:60], "domain": domain[:60]}
    yield Sight((incoming.from_field(),), weight=weight, values=values)


def _is_regional(domain: str) -> bool:
    """True for a town's domain of the old kind."""
    return any(f".{head}" in f".{domain}" and domain.endswith(tail) for head, tail in _AROUND)
