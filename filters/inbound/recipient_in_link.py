"""IN-LINK: a link that hands the recipient's address to somebody else, as pages that ask for a password do."""

import base64
import re
from collections.abc import Iterator
from urllib.parse import unquote

from config.policy import Organisation
from filters.finding import Evidence, Sight
from filters.lures.belonging import MAILERS, is_disposable, related
from filters.lures.hosts import below, is_hosting, owner
from filters.lures.links import Link
from filters.rule import rule
from filters.trigger import Given
from filters.views import ByLinks, LinkView

MANY = 12
"""A mail with this many links is no lure: newsletters carry the reader's address in several."""

_LEAVES = re.compile(
    r"(?i)unsub|opt-?out|optout|remove|preferences|abmeld|abbestell|desabonn|desinscri|baja|配信停止|購読|解除|退会"
)


@rule(control="IN-LINK", direction="inbound", wakes=(Given.LINK,))
def recipient_in_link(mail: ByLinks, organisation: Organisation) -> Iterator[Sight]:
    """The recipient's address in a link, as it is or in base64, to a host unrelated to the author.

    It weighs 1 in a link to the author's own domain when that looks thrown away, or when the address is
    disguised. Not counted: newsletters and reading matter, unsubscribe links, well-known sites, click
    counters.
    """
    incoming = mail.incoming
    if incoming.is_bulk or incoming.is_long or mail.message.first("list-unsubscribe") or incoming.known():
        return
    if len(incoming.links) > MANY:
        return
    addresses = [a for a in sorted(incoming.recipients) if len(a) >= 6][:10]
    disguised = [code for a in addresses for code in _codes(a)]
    best: tuple[int, Link] | None = None
    for link in incoming.links:
        weight = _weight(link, incoming, addresses, disguised)
        if weight > (best[0] if best else 0):
            best = weight, link
    if best:
        weight, link = best
        evidence = (Evidence(link.target[:160], link.part, link.offset),)
        yield Sight(evidence, weight=weight, values={"host": link.host[:60]})


def _codes(address: str) -> list[str]:
    """Base64 of an address at each of the three alignments, without the ends that depend on its neighbours."""
    data, found = address.encode(), []
    for shift in range(3):
        code = base64.b64encode(bytes(shift) + data).decode().rstrip("=")
        found.append(code[(0, 2, 3)[shift] : -1])
    return [code for code in found if len(code) >= 8]


def _weight(link: Link, incoming: LinkView, addresses: list[str], disguised: list[str]) -> int:
    if not link.host or _LEAVES.search(f"{link.target} {link.shown}"):
        return 0
    plain = "@" in link.target or "%40" in link.target
    open_ = plain and any(a in unquote(link.target).lower() for a in addresses)
    hidden = any(code in link.target for code in disguised)
    if not (open_ or hidden) or below(link.host, MAILERS):
        return 0
    if owner(link.host) is not None and not is_hosting(link.host):
        return 0
    if not related(incoming.domain, link.host):
        return 2
    return 1 if hidden or is_disposable(link.host) else 0
