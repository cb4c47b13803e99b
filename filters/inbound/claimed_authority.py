"""IN-SPOOF: the name of a public authority over an address that belongs to none."""

import re
from collections.abc import Iterator
from functools import cache

from config import lists
from config.policy import Organisation
from filters.finding import Sight
from filters.lures.hosts import below, is_restricted
from filters.lures.phrases import plain_of
from filters.rule import rule
from filters.trigger import Given
from filters.views import ByLinks
from mail.charset import fold


@cache
def _tables() -> tuple[re.Pattern[str], frozenset[str], tuple[tuple[str, str], ...]]:
    """What authorities are called, under which domains they write, and (beginning, end) of those with a name between."""
    words: list[str] = []
    domains: set[str] = set()
    for entry in lists.table("authorities").values():
        words += entry["words"]
        domains.update(entry["domains"])
    latin = "|".join(re.escape(w) for w in sorted(words, key=len, reverse=True) if w.isascii())
    other = "|".join(re.escape(w) for w in sorted(words, key=len, reverse=True) if not w.isascii())
    around = tuple((d.partition("*")[0], d.partition("*")[2]) for d in domains if "*" in d)
    named = re.compile(rf"(?<![a-z0-9])(?:{latin})(?![a-z0-9])|{other}")
    return named, frozenset(d for d in domains if "*" not in d), around


@rule(control="IN-SPOOF", direction="inbound", wakes=(Given.NAME,))
def claimed_authority(mail: ByLinks, organisation: Organisation) -> Iterator[Sight]:
    """The sender's name is an authority's (config/lists/authorities.toml), the domain neither a government's nor one that
    only offices, schools and societies get. Weight 3, 4 with a link. People who name their profession (「税理士」) claim nothing."""
    incoming = mail.incoming
    domain = incoming.domain
    if not incoming.name or not domain or incoming.known() or organisation.internal(incoming.author.address):
        return
    named, domains, around = _tables()
    found = named.search(plain_of(fold(incoming.name)[:200].lower()))
    if found is None or below(domain, domains) or is_restricted(domain) or _is_regional(domain, around):
        return
    weight = 1 if incoming.is_bulk or incoming.is_long else 4 if incoming.links else 3
    values = {"name": found[0][:60], "domain": domain[:60]}
    yield Sight((incoming.from_field(),), weight=weight, values=values)


def _is_regional(domain: str, around: tuple[tuple[str, str], ...]) -> bool:
    """True for a town's domain of the old kind: city.kawasaki.jp."""
    return any(f".{domain}".find(f".{head}") >= 0 and domain.endswith(tail) for head, tail in around)
