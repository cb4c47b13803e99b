"""IN-LINK: no link leads to the sender's own organisation."""

import re
from collections.abc import Iterator

from config.policy import Organisation
from filters.finding import Evidence, Sight
from filters.lures.belonging import cites_services, is_disposable, is_vouched_for, leads_elsewhere
from filters.lures.hosts import is_freemail, is_restricted, organisational, owner
from filters.rule import rule
from filters.trigger import Given
from filters.views import ByLinks

_COUNTS = re.compile(
    r"(?:e|em|email|mail|click|clicks|clk|links?|lnk|track|tracking|trk|url|urls|go|r|t|c|ct|news|info)\d*\.[^.]+\."
)
"""Hosts named like services that count clicks for the senders of newsletters."""


@rule(control="IN-LINK", direction="inbound", wakes=(Given.LINK,))
def links_elsewhere(mail: ByLinks, organisation: Organisation) -> Iterator[Sight]:
    """A page (HTML) whose links all lead to organisations other than the author's; weight 2 when to a single one.

    Click counters, well-known sites, offices and schools, people we know, and bulk mail weigh 1 all the same.
    """
    incoming = mail.incoming
    if incoming.is_long or not (incoming.pages and incoming.hosts and incoming.domain):
        return
    if is_freemail(incoming.domain) or not leads_elsewhere(incoming):
        return
    if all(map(organisation.ours, incoming.hosts)):
        return
    official = is_restricted(incoming.domain) and is_vouched_for(mail)
    known = (
        official
        or cites_services(incoming)
        or any(
            (owner(host) is not None or is_restricted(host)) and not is_disposable(host)
            for host in incoming.hosts
        )
    )
    counted = all(_COUNTS.match(host) for host in incoming.hosts) and not any(
        map(is_disposable, incoming.hosts)
    )
    single = len({organisational(host) for host in incoming.hosts}) == 1 and not (known or counted)
    link = next(link for link in incoming.links if link.host)
    values = {"host": link.host[:60], "domain": incoming.domain[:60]}
    evidence = (Evidence(link.target[:120], link.part, link.offset),)
    yield Sight(
        evidence, weight=2 if single and not (incoming.is_bulk or incoming.known()) else 1, values=values
    )
