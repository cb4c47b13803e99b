"""IN-LINK: a link through a service that hides where it leads."""

import re
from collections.abc import Iterator

from config.policy import Organisation
from filters.finding import Evidence, Sight
from filters.lures.hosts import SHORTENERS, below
from filters.lures.links import Link, host_of
from filters.rule import rule
from filters.trigger import Given
from filters.views import ByLinks


@rule(control="IN-LINK", direction="inbound", wakes=(Given.LINK,))
def short_link(mail: ByLinks, organisation: Organisation) -> Iterator[Sight]:
    """A link through a shortening service of the list, or through a redirecting page of a well-known site.

    Weight 2 when all links of a page are such, so that nothing shows where any of them leads.
    """
    incoming = mail.incoming
    short = {host for host in incoming.hosts if below(host, SHORTENERS)}
    hiding = [link for link in incoming.links if link.host and (link.host in short or _hides(link))]
    if hiding:
        link = hiding[0]
        all_hide = bool(incoming.pages) and {k.host for k in hiding} == set(incoming.hosts)
        evidence = (Evidence(link.target[:120], link.part, link.offset),)
        yield Sight(evidence, weight=2 if all_hide else 1, values={"host": host_of(link.target)[:60]})


_SENDS_ON = re.compile(
    r"(?i)https?://(?:www\.)?(?:google\.[a-z.]{2,6}/(?:url|amp|travel/clk|local_url|maps/url)|bing\.com/ck/a|"
    r"youtube\.com/redirect|l\.facebook\.com/l\.php|linkedin\.com/(?:slink|redir)|[a-z0-9.-]{1,60}\.doubleclick\.net/|"
    r"googleadservices\.com/|baidu\.com/link|r\.search\.yahoo\.com/|translate\.google\.[a-z.]{2,6}/translate|t\.umblr\.com/redirect)"
)


def _hides(link: Link) -> bool:
    host = host_of(link.target)
    return (host != link.host and below(host, SHORTENERS)) or bool(_SENDS_ON.match(link.target))
