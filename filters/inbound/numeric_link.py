"""IN-LINK: a link to a bare IP address. Organisations have names."""

import re
from collections.abc import Iterator

from config.policy import Organisation
from filters.finding import Evidence, Sight
from filters.rule import rule
from filters.trigger import Given
from filters.views import ByLinks

_NUMERIC = re.compile(
    r"(?:[a-z.-]*[.-])?\d{1,3}(?:\.\d{1,3}){3}(?:\.[a-z.-]+)?|(?:[a-z.-]*[.-])?\d{1,3}(?:-\d{1,3}){3}(?:\.[a-z0-9.-]+)|0x[0-9a-f]+|\d{6,10}|[0-9a-f]*:[0-9a-f:]+",
    re.IGNORECASE,
)


@rule(control="IN-LINK", direction="inbound", wakes=(Given.LINK,))
def numeric_link(mail: ByLinks, organisation: Organisation) -> Iterator[Sight]:
    """The host of a link is an IP address, however it is written, or the name that a provider derives from one.

    In bulk mail it says less.
    """
    incoming = mail.incoming
    numeric = {host for host in incoming.hosts if _NUMERIC.fullmatch(host)}
    for link in incoming.links if numeric else ():
        if link.host in numeric:
            weight = 1 if incoming.is_bulk else 2
            evidence = Evidence(link.target[:160], link.part, link.offset)
            yield Sight((evidence,), values={"host": link.host[:60]}, weight=weight)
            return
