"""Whether what a mail shows belongs together: its author, the sender's name, and where its links lead.

An organisation's own mail leads home; a deceptive one has to lead the reader away, or to an address made up
for the purpose. All answers are about an Incoming and cost next to nothing.
"""

import re
from functools import lru_cache

from config import lists
from filters.lures.hosts import (
    below,
    different,
    is_cheap,
    is_customers,
    is_hosting,
    is_random,
    is_registered,
    label,
    organisational,
    owner,
    readable,
    same_organisation,
)
from filters.views import ByHeading, ByLinks, LinkView
from mail.address import domain_of
from mail.charset import fold

CITED = lists.entries("cited")
MAILERS = lists.entries("mailers")
SERVICES = frozenset(
    place.partition("/")[0] for places in lists.table("services").values() for place in places
)
_LURES = lists.entries("lure_words")
_TRADES = lists.entries("trade_words")
TRADES = frozenset(word.lstrip("!") for word in _TRADES)
"""Those of the lure words that companies are called by as well."""
BUSINESSES = frozenset(word[1:] for word in _TRADES if word.startswith("!"))
"""Those of them that are lines of business."""
LURE_WORDS = frozenset(word.lstrip("!") for word in _LURES if word[0] not in "+~")
_OTHER_LURES = frozenset(word[1:] for word in _LURES if word[0] == "+")
ALL_LURES = frozenset(word.lstrip("!+~") for word in _LURES)
PLAIN_LURES = tuple(sorted(word[1:] for word in _LURES if word.startswith("!")))

_PARTS = re.compile(r"[-_0-9]+")
_WORD = re.compile(r"[a-z]{3,30}")
_EMPTY = frozenset(
    [
        "the",
        "and",
        "via",
        "from",
        "for",
        "your",
        "our",
        "der",
        "die",
        "das",
        "les",
        "los",
        "del",
        "team",
        "info",
        "mail",
        "news",
        "newsletter",
        "service",
        "services",
        "support",
        "customer",
        "company",
        "online",
        "inc",
        "ltd",
        "llc",
        "gmbh",
        "group",
        "noreply",
        "reply",
        "official",
    ]
)
"""Words in a sender's name that name nobody."""


def related(one: str, other: str) -> bool:
    """True when two hosts belong to one organisation, by domain, brand, or a name of four letters or more in both."""
    if same_organisation(one, other):
        return True
    brand = owner(one)
    if brand is not None:
        return brand.owns(other)
    short, long = sorted((label(one), label(other)), key=len)
    return len(short) >= 4 and short in long and not is_made_up(one) and not is_made_up(other)


@lru_cache(maxsize=1024)
def is_made_up(host: str) -> bool:
    """True when a host's name is put together from words meant to look official (lure_words.txt)."""
    if below(host, CITED):
        return False
    parts = [part for part in _PARTS.split(label(host)) if part]
    lures = sum(part in LURE_WORDS for part in parts) if owner(host) is None else 0
    if len(parts) >= 2:
        short = any(len(part) <= 4 and part not in LURE_WORDS for part in parts)
        return (
            lures >= 2
            or (lures == 1 and short and BUSINESSES.isdisjoint(parts))
            or (owner(host) is None and any(p.startswith(PLAIN_LURES) for p in parts))
            or (owner(host) is None and not is_registered(host) and _of_functions(parts))
        )
    return len(parts) == 1 and len(parts[0]) >= 8 and parts[0] not in LURE_WORDS and _of_lures(parts[0])


def _of_functions(parts: list[str]) -> bool:
    """True for parts that name functions, not somebody: two of them, of which one tells, or one of three in a language in
    which nobody calls a company so."""
    told = any(part in _OTHER_LURES for part in parts)
    plain = told or any(part in LURE_WORDS for part in parts)
    several = sum(part in ALL_LURES for part in parts) >= 2
    return (told and len(parts) >= 3) or (plain and several)


def _of_lures(text: str) -> bool:
    """True when a text consists of nothing but lure words."""
    reached = {0}
    for start in range(len(text)):
        if start in reached:
            reached.update(end for end in range(start + 3, len(text) + 1) if text[start:end] in LURE_WORDS)
    return len(text) in reached


def is_disposable(host: str) -> bool:
    """True for a host that anybody can have within minutes: cheap, random, made up, hosted pages."""
    return (
        is_hosting(host)
        or is_cheap(organisational(host))
        or is_made_up(host)
        or is_random(readable(label(host)))
        or any(is_random(part) and len(part) >= 8 for part in readable(host).split(".")[:-1])
    )


def is_verified(mail: ByHeading) -> bool:
    """True when our own checks confirmed that the author's organisation sent the mail (DMARC, its DKIM signature)."""
    domain, found = mail.incoming.domain, mail.facts.authentication
    if found.dmarc in ("pass", "fail"):
        return found.dmarc == "pass"
    return any(related(domain, signer) for signer in found.dkim_domains)


def is_author_proved(mail: ByHeading) -> bool:
    """True when DMARC, SPF or a valid DKIM signature vouches for the domain of the only author: trust needs that."""
    results, incoming = mail.facts.authentication, mail.incoming
    if len(incoming.authors) != 1 or not incoming.domain:
        return False
    proofs = [*results.dkim_domains, *([results.spf_domain] if results.spf == "pass" else [])]
    return results.dmarc == "pass" or any(d and not different(d, incoming.domain) for d in proofs)


def is_vouched_for(mail: ByHeading) -> bool:
    """True when verified, or at least handed in by the author's organisation or a service that sends for others."""
    if mail.facts.authentication.dmarc == "fail":
        return False
    domain, envelope = mail.incoming.domain, domain_of(mail.facts.envelope.reverse_path)
    return is_verified(mail) or not envelope or related(domain, envelope) or below(envelope, MAILERS)


def leads_home(mail: ByLinks) -> bool:
    """True when links lead to the author's own organisation, and otherwise only to well-known hosts.

    Free-mail providers and addresses made up for a few days are nobody's home, nor is any host when somebody
    else sent the mail.
    """
    incoming = mail.incoming
    domain = incoming.domain
    if not domain or not incoming.hosts or is_customers(domain) or not is_vouched_for(mail):
        return False
    if incoming.sender_brand is None and is_disposable(domain):
        return False
    home = [host for host in incoming.hosts if related(domain, host)]
    away = [h for h in incoming.hosts if h not in home and not below(h, MAILERS)]
    return bool(home) and all(owner(h) is not None and not is_hosting(h) for h in away)


def leads_elsewhere(incoming: LinkView) -> bool:
    """True when there are links and none leads to the author's organisation or through a click counter."""
    domain = incoming.domain
    if below(domain, MAILERS):
        return False
    return bool(incoming.hosts and domain) and not any(
        related(domain, host) or below(host, MAILERS) for host in incoming.hosts
    )


def is_cited(host: str) -> bool:
    """True for a well-known organisation's host or a site that people cite, not a page that anybody can put there."""
    return (owner(host) is not None or below(host, CITED)) and not is_disposable(host)


def cites_known(incoming: LinkView) -> bool:
    """True when there are links and all lead to well-known organisations, to pages that not everybody can put there."""
    return bool(incoming.hosts) and all(map(is_cited, incoming.hosts))


def is_service(host: str) -> bool:
    """True where everybody shares documents, forms and files: what stands there is anybody's, the host says nothing."""
    return below(host, SERVICES)


def cites_services(incoming: LinkView) -> bool:
    """True when there are links and all lead to well-known organisations or services (shared_by_stranger judges those)."""
    return bool(incoming.hosts) and all(is_service(h) or is_cited(h) for h in incoming.hosts)


def is_discussion(incoming: LinkView) -> bool:
    """True for what people write to a mailing list: plain text that came through a list."""
    return incoming.is_bulk and not incoming.pages


def name_fits(incoming: LinkView) -> bool:
    """True unless the sender's name has words, and none of them occurs in the address or in a link's host."""
    words = [w for w in _WORD.findall(fold(incoming.name).lower()) if w not in _EMPTY]
    if not words:
        return True
    places = re.sub(r"[^a-z]", "", incoming.author.address.lower())
    places += " " + " ".join(label(host) for host in incoming.hosts[:20])
    initials = "".join(word[0] for word in words)
    return any(word[:5] in places for word in words) or (len(initials) >= 3 and initials in places)
