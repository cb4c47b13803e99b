"""IN-SPOOF: the text speaks for an organisation that did not send the mail."""

from collections.abc import Iterator

from config.policy import Organisation
from filters.finding import Sight
from filters.lures.belonging import cites_services
from filters.lures.hosts import Brand, brand_count, brand_named
from filters.lures.phrases import FAMILIES
from filters.rule import rule
from filters.trigger import Theme
from filters.views import ByLinks


def _most(counts: list[tuple[Brand, int]]) -> int:
    return counts[0][1] if counts else 0


@rule(control="IN-SPOOF", direction="inbound", wakes=(Theme(("credentials", "notice"), strong=True),))
def borrowed_name(mail: ByLinks, organisation: Organisation) -> Iterator[Sight]:
    """Subject or text names a brand several times and asks for a login or payment, and the sender is not the brand. Not where
    all links lead to well-known sites, the brand's among them."""
    incoming = mail.incoming
    if not incoming.domain or incoming.is_bulk or incoming.is_long:
        return
    text = incoming.plain
    if not (FAMILIES["credentials"].strong_in(text) or FAMILIES["notice"].strong_in(text)):
        return
    named = brand_named(incoming.subject)
    # Plain text and HTML say the same twice: the form with more mentions counts.
    counts = max((brand_count(shown.text[:3000]) for shown in incoming.texts[:2]), key=_most, default=[])
    brand = named[0] if named else counts[0][0] if counts and counts[0][1] >= 2 else None
    if (
        brand is None
        or brand.owns(incoming.domain)
        or any(b.owns(incoming.domain) for b, n in counts if n >= 2)
    ):
        return
    if cites_services(incoming) and any(brand.owns(host) for host in incoming.hosts):
        return  # whoever borrows a name leads to a page of their own
    yield Sight((incoming.from_field(),), values={"name": brand.name, "domain": incoming.domain[:60]})
