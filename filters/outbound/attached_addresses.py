"""OUT-BCC: a meeting or business cards show outsiders to each other. To change a meeting would break it: somebody is asked."""

from collections.abc import Iterator

from config.policy import Organisation
from filters.detect.address_blocks import enclosed
from filters.finding import Evidence, Sight
from filters.outbound.many_external import outsiders
from filters.rule import rule
from filters.trigger import Finds
from filters.views import ByContent
from mail.address import domain_of


@rule(control="OUT-BCC", direction="outbound", wakes=(Finds(("person",)),))
def attached_addresses(
    mail: ByContent,
    organisation: Organisation,
    *,
    addresses: int,
    domains: int,
    exempt_domains: tuple[str, ...],
) -> Iterator[Sight]:
    """A calendar (ATTENDEE, ORGANIZER) or business cards (EMAIL) in the mail or its files name more than `addresses`
    external addresses, or at least `domains` external domains.

    Each file counts by itself. Own and group domains and `exempt_domains` do not count.
    """
    for text in mail.reading.texts("body", "content"):
        kind, found = enclosed(text.raw)
        outside = sorted(outsiders(found, organisation, exempt_domains, ()))
        different = {domain_of(a) for a in outside}
        if kind and (len(outside) > addresses or len(different) >= domains):
            values = {"what": kind, "count": str(len(outside)), "domains": str(len(different))}
            yield Sight((Evidence(", ".join(outside[:5])[:200], text.place),), values=values)
