"""IN-LINK: a link in a QR code: nobody sees where it leads, and it is opened on an unprotected phone."""

import base64
from collections.abc import Iterator
from urllib.parse import unquote

from config.policy import Organisation
from filters.finding import Evidence, Sight
from filters.lures.belonging import is_disposable
from filters.lures.hosts import is_hosting, organisational
from filters.lures.names import marked
from filters.rule import rule
from filters.trigger import Given
from filters.views import ByLinks


@rule(control="IN-LINK", direction="inbound", wakes=(Given.CODE,))
def qr_link(mail: ByLinks, organisation: Organisation) -> Iterator[Sight]:
    """A QR code in a picture (also in a document, archive or HTML) whose link does not lead to the author's own domain, or
    carries the reader's address there: posters do not.

    From people we know, and in newsletters that declare themselves, it weighs 1, unless the site was made for a few days.
    """
    incoming = mail.incoming
    own = organisational(incoming.domain) if incoming.domain else ""
    carried = [a for a in incoming.recipients if len(a) >= 6]
    elsewhere = [
        link
        for link in incoming.code_links
        if not organisation.ours(link.host)
        and (organisational(link.host) != own or _names(link.target, carried))
    ]
    if elsewhere:
        evidence = tuple(Evidence(marked(link.target)[:160], link.part) for link in elsewhere[:3])
        made = any(is_disposable(link.host) and not is_hosting(link.host) for link in elsewhere)
        weight = 1 if (incoming.known() and not made) or incoming.is_bulk else 3
        yield Sight(evidence, weight=weight, values={"host": elsewhere[0].host[:100]})


def _names(target: str, addresses: list[str]) -> bool:
    """True when a link says to whom it was sent: the address, what stands before its @, or its base64."""
    said = unquote(target).lower()
    return any(
        a in said
        or (len(local := a.partition("@")[0]) >= 5 and local in said)
        or base64.b64encode(a.encode()).decode().rstrip("=")[:-1].lower() in said
        for a in addresses
    )
