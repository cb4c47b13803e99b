"""IN-SPOOF: a page whose sender's name has nothing in common with the address or the links."""

from collections.abc import Iterator

from config.policy import Organisation
from filters.finding import Sight
from filters.lures.belonging import cites_services, leads_elsewhere, leads_home, name_fits
from filters.lures.hosts import is_customers
from filters.rule import rule
from filters.trigger import Given
from filters.views import ByLinks


@rule(control="IN-SPOOF", direction="inbound", wakes=(Given.PAGE,))
def unrelated_name(mail: ByLinks, organisation: Organisation) -> Iterator[Sight]:
    """A name in Latin letters of which no word occurs in the author's address or a link's host; HTML mail only.

    People at free-mail providers choose their addresses freely. Weight 2 when all links lead elsewhere, so
    that name, sender and links are three strangers to each other; but not where they lead to well-known sites.
    """
    incoming = mail.incoming
    if not incoming.pages or not incoming.hosts or incoming.is_long or is_customers(incoming.domain):
        return
    if not name_fits(incoming) and not leads_home(mail):
        values = {"name": incoming.name[:60], "address": incoming.author.address[:80] or "?"}
        strangers = leads_elsewhere(incoming) and not (incoming.is_bulk or cites_services(incoming))
        yield Sight((incoming.from_field(),), weight=2 if strangers else 1, values=values)
