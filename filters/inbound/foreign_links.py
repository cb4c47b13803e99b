"""IN-LINK: a mail in the name of an organisation whose links all lead elsewhere."""

from collections.abc import Iterator

from config.policy import Organisation
from filters.finding import Evidence, Sight
from filters.lures.belonging import cites_services, is_disposable, is_service
from filters.lures.hosts import Brand, brand_named, is_customers, is_restricted
from filters.lures.phrases import FAMILIES
from filters.rule import rule
from filters.trigger import Given
from filters.views import ByLinks

_ACTING = ("credentials", "notice", "authority", "profit", "coins", "callback", "urgency")


@rule(control="IN-LINK", direction="inbound", wakes=(Given.LINK,))
def foreign_links(mail: ByLinks, organisation: Organisation) -> Iterator[Sight]:
    """Sender's name, address or subject names a brand, and no link leads to a domain of that brand. People who write about a
    brand name it in the subject: that weighs 1 where nothing gets people to act, or all links lead to well-known sites."""
    incoming = mail.incoming
    if incoming.is_bulk or not incoming.hosts or all(map(organisation.ours, incoming.hosts)):
        return
    # A town or school that writes from its own domain does not claim to be anybody else, and uses others' forms.
    own = is_customers(incoming.domain) or is_restricted(incoming.domain)
    claimed: Brand | None = None if own else incoming.sender_brand
    said = claimed is not None or brand_named(incoming.name) is not None
    # The subject of a newsletter is news.
    for text in (incoming.name,) if incoming.is_long else (incoming.name, incoming.subject):
        if claimed is None and (named := brand_named(text)):
            claimed = named[0]
    if claimed is None or any(claimed.owns(host) for host in incoming.hosts):
        return
    link = next(link for link in incoming.links if link.host)
    values = {"name": claimed.name, "host": link.host[:60]}
    acting = any(FAMILIES[name].strong_in(incoming.lures) for name in _ACTING) or any(
        is_disposable(host) and not is_service(host) for host in incoming.hosts
    )
    weight = 3 if said or (acting and not cites_services(incoming)) else 1
    yield Sight((Evidence(link.target[:120], link.part, link.offset),), weight=weight, values=values)
