"""IN-LOOKALIKE: a host that contains or imitates the name of an organisation but is not its own."""

from collections.abc import Iterator

from config.policy import Organisation
from filters.finding import Evidence, Sight
from filters.lures.hosts import readable
from filters.lures.imitation import imitated
from filters.rule import rule
from filters.trigger import Always
from filters.views import ByLinks

FEW = 8
"""Hosts of links in a mail that is no newsletter."""


@rule(
    control="IN-LOOKALIKE",
    direction="inbound",
    wakes=(Always("the author's domain is compared with names by look"),),
)
def lookalike(mail: ByLinks, organisation: Organisation) -> Iterator[Sight]:
    """The sender's domain or the host of a link imitates a brand, a partner or ourselves.

    4 for look-alike letters, a typing error, or a name beside words of a lure ("amazon-login"); 2 for a name that is only
    part of the host, which may be an accident; 1 for that in a newsletter, which links to many hosts. The heaviest counts.
    """
    incoming = mail.incoming
    own = (*organisation.domains, *organisation.group_domains, *organisation.partners)
    places = [(incoming.domain, "header:from", 0)] if incoming.domain else []
    places += [(link.host, link.part, link.offset) for link in incoming.links if link.host]
    best: Sight | None = None
    for host, part, offset in dict.fromkeys(places[:100]):
        if (found := imitated(host, own)) is None:
            continue
        weight = 4
        if found.how == "contains" and not found.lured:
            weight = 2 if part == "header:from" or len(incoming.hosts) <= FEW else 1
        elif found.how == "contains" and part != "header:from" and len(incoming.hosts) > FEW:
            weight = 1
        if best is None or weight > best.weight:
            values = {
                "name": found.name,
                "how": found.how.replace(" ", "_"),
                "host": readable(host)[:80],
                "word": found.word[:40],
            }
            best = Sight((Evidence(readable(host)[:120], part, offset),), weight=weight, values=values)
    if best is not None:
        yield best
