"""OUT-BCC: the headers of quoted and of attached mails show outsiders who else was written to."""

from collections.abc import Iterator

from config.policy import Organisation
from filters.detect.address_blocks import addresses_in, quoted
from filters.finding import Evidence, Sight
from filters.outbound.many_external import outsiders, shown
from filters.rule import rule
from filters.trigger import Finds
from filters.views import ByContent
from mail.address import domain_of


@rule(control="OUT-BCC", direction="outbound", wakes=(Finds(("person",)),))
def quoted_addresses(
    mail: ByContent,
    organisation: Organisation,
    *,
    addresses: int,
    domains: int,
    exempt_domains: tuple[str, ...],
) -> Iterator[Sight]:
    """The text repeats To or Cc of earlier mails, or a mail is attached whose To and Cc have them, with more than `addresses` external addresses, or at least `domains`
    external domains, that this mail does not show in To and Cc itself.

    Where this mail shows as many (and is to hide them), those count as well.
    """
    least = min(addresses + 1, domains)
    texts = [
        t for t in mail.reading.texts("body", "content") if t.raw.count("@") >= least or "/header:" in t.place
    ]
    if not texts:
        return
    visible = shown(mail)
    seen = outsiders(visible, organisation, exempt_domains, ())
    if len(seen) > addresses or len({domain_of(a) for a in seen}) >= domains:
        visible = set()
    repeated: dict[str, set[str]] = {}
    for text in texts:
        file, _, field = text.place.rpartition("/header:")
        if file and field not in ("to", "cc"):
            continue
        addressed = addresses_in(text.raw) if file else quoted(text.raw)
        found = outsiders(addressed, organisation, exempt_domains, ())
        repeated.setdefault(file or text.place, set()).update(found - visible)
    for place, strangers in repeated.items():
        different = {domain_of(a) for a in strangers}
        if len(strangers) > addresses or len(different) >= domains:
            values = {"count": str(len(strangers)), "domains": str(len(different))}
            yield Sight((Evidence(", ".join(sorted(strangers)[:5])[:200], place),), values=values)
            return
