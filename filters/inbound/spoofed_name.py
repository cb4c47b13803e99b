"""IN-SPOOF: the sender's name and address do not agree."""

import re
from collections.abc import Iterator
from functools import lru_cache

from config.policy import Organisation
from filters.finding import Evidence, Sight
from filters.lures.belonging import MAILERS
from filters.lures.hosts import (
    LONGEST_NAME,
    below,
    brand_misspelt,
    brand_named,
    different,
    is_customers,
    is_freemail,
    label,
    organisational,
    skeleton,
)
from filters.rule import rule
from filters.trigger import Field, Given
from filters.views import ByLinks, LinkView
from mail.address import domain_of
from mail.charset import fold

_ADDRESS = re.compile(r"[\w.+'-]{1,64}@((?:[\w-]+\.)+[a-zA-Z]{2,24})")
_HOST = re.compile(
    r"(?<![\w.@-])((?:[a-z0-9-]+\.)+(?:com|net|org|jp|co\.jp|ne\.jp|or\.jp|go\.jp|info|biz|io|de|fr|uk|br))(?![\w-])"
)
_TITLES = re.compile(
    r"(?:様|さん|氏|殿|先生|社長|会長|部長|課長|専務|常務|取締役|代表|\(.*?\)|（.*?）|[\s,.'\"・])"
)


@rule(control="IN-SPOOF", direction="inbound", wakes=(Given.NAME,))
def spoofed_name(mail: ByLinks, organisation: Organisation) -> Iterator[Sight]:
    """The display name carries another address or host, a brand (also misspelt), a partner, or one of our own people."""
    incoming = mail.incoming
    if why := _pretends(incoming, organisation, organisation.names(mail.facts.origin.tenant)):
        weight, other = why
        values = {
            "name": incoming.name[:60] or other[:60],
            "address": incoming.author.address[:80] or "?",
            "other": other[:60],
        }
        yield Sight((incoming.from_field(),), weight=weight, values=values)


@lru_cache(maxsize=8)
def _wanted(people: tuple[str, ...]) -> tuple[tuple[str, str], ...]:
    """The people whose names can be told apart from words, each with the name as it is compared."""
    folded = ((person, _TITLES.sub("", fold(person)).lower()) for person in people)
    return tuple((person, name) for person, name in folded if len(name) >= 3)


def _pretends(
    incoming: LinkView, organisation: Organisation, people: tuple[str, ...]
) -> tuple[int, str] | None:
    """(weight, what is pretended), or None when name and address agree."""
    name, domain = incoming.name, incoming.domain
    if not name:
        return None
    if found := _ADDRESS.search(name):
        same = incoming.sender_brand is not None and label(found[1].lower()) == label(domain)
        if different(found[1].lower(), domain) and not same:
            return (4 if not is_freemail(found[1].lower()) else 3), found[0]
    elif (
        (found := _HOST.search(fold(name).lower()))
        and different(found[1], domain)
        and not brand_named(found[1])
    ):
        return 2, found[1]
    if organisation.ours(incoming.domain):
        return None
    bare = _TITLES.sub("", fold(name)[:LONGEST_NAME]).lower()
    for person, wanted in _wanted(people):
        if wanted == bare or (not wanted.isascii() and wanted in bare):
            return 4, person
    for partner, title in organisation.partners.items():
        short = skeleton(
            re.sub(r"株式会社|有限会社|合同会社|\(株\)|inc\.?|ltd\.?|co\.,?", "", fold(title).lower()).strip()
        )
        if len(short) >= 3 and short in skeleton(name) and different(partner, domain):
            return 4, title
    if (
        organisation.name != "Example"
        and len(organisation.name) >= 3
        and skeleton(organisation.name) in skeleton(name)
    ):
        return 4, organisation.name
    if (brand := brand_named(name)) and not brand[0].owns(domain):
        # A newsletter goes out through others' hosts, but it leads to the brand.
        own = sum(brand[0].owns(host) for host in incoming.hosts)
        return (2 if incoming.is_long and own else 4), brand[0].name
    if (misspelt := brand_misspelt(name)) and not misspelt.owns(domain):
        return 4, misspelt.name
    return None


@rule(control="IN-SPOOF", direction="inbound", wakes=(Field(("reply-to",)),))
def reply_elsewhere(mail: ByLinks, organisation: Organisation) -> Iterator[Sight]:
    """Reply-To belongs to another organisation than From; free mail behind a company's name weighs more, most where we know
    the author and nobody here ever wrote to that mailbox."""
    incoming = mail.incoming
    for box in incoming.reply_to:
        host = domain_of(box.address)
        if different(host, incoming.domain):
            hidden = is_freemail(host) and not is_freemail(incoming.domain)
            weight = 2 if hidden and not incoming.is_bulk else 1
            if hidden and incoming.known() and box.address not in mail.facts.known and not incoming.is_bulk:
                weight = 5
            values = {"reply": box.address[:80], "address": incoming.author.address[:80]}
            yield Sight((Evidence(box.address[:120], "header:reply-to", 0),), weight=weight, values=values)
            return


@rule(control="IN-SPOOF", direction="inbound", wakes=(Given.OTHER_ENVELOPE,))
def other_envelope(mail: ByLinks, organisation: Organisation) -> Iterator[Sight]:
    """The reverse-path belongs to another organisation than From, and no DKIM signature of From's verified;
    newsletters and long reading matter go out through others.

    For a brand of the list it weighs 2: well-known organisations sign, or send from their own domain.
    """
    incoming = mail.incoming
    host = domain_of(mail.facts.envelope.reverse_path)
    signed = {organisational(d) for d in mail.facts.authentication.dkim_domains}
    if (
        different(host, incoming.domain)
        and organisational(incoming.domain) not in signed
        and not (incoming.is_bulk or incoming.is_long)
    ):
        values = {"envelope": host[:60], "domain": incoming.domain[:60]}
        brand = incoming.sender_brand
        foreign = brand is not None and not (
            brand.owns(host) or below(host, MAILERS) or is_customers(incoming.domain)
        )
        evidence = (Evidence(mail.facts.envelope.reverse_path[:120], "", -1),)
        yield Sight(evidence, weight=2 if foreign else 1, values=values)
