"""IN-LOOKALIKE: a host that contains or imitates the name of an organisation but is not its own."""

from collections.abc import Iterator

from config.policy import Organisation
from filters.finding import Evidence, Sight
from filters.lures.hosts import imitated, readable
from filters.rule import rule
from filters.trigger import Always
from filters.views import ByLinks


@rule(
    control="IN-LOOKALIKE",
    direction="inbound",
    wakes=(Always("the author's domain is compared with names by look"),),
)
def lookalike(mail: ByLinks, organisation: Organisation) -> Iterator[Sight]:
    """The sender's domain or the host of a link imitates a brand, a partner or ourselves."""
    incoming = mail.incoming
    own = (*organisation.domains, *organisation.group_domains, *organisation.partners)
    places = [(incoming.domain, "header:from", 0)] if incoming.domain else []
    places += [(link.host, link.part, link.offset) for link in incoming.links if link.host]
    for host, part, offset in dict.fromkeys(places[:100]):
        if found := imitated(host, own):
            name, how = found
            values = {"name": name, "how": how.replace(" ", "_"), "host": readable(host)[:80]}
            # Newsletters link to many hosts; a name inside one of them says less.
            weight = 4 if part == "header:from" or how != "contains" or len(incoming.hosts) <= 8 else 1
            evidence = (Evidence(readable(host)[:120], part, offset),)
            yield Sight(evidence, weight=weight, values=values)
            return
