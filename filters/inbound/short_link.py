"""IN-LINK: a link through a service that hides where it leads."""

from collections.abc import Iterator

from config.policy import Organisation
from filters.finding import Evidence, Finding
from filters.hosts import SHORTENERS, below
from filters.incoming import incoming_of
from filters.rule import Mail, rule


@rule(
    control="IN-LINK",
    direction="inbound",
    then="warn",
    weight=1,
    ja="短縮URL（{host}）が使われ、本当のリンク先が見えません",
    en="A shortened link ({host}) hides where it leads",
)
def short_link(mail: Mail, organisation: Organisation) -> Iterator[Finding]:
    """A link leads through a shortening service of the list."""
    for link in incoming_of(mail).links:
        if link.host and below(link.host, SHORTENERS):
            yield Finding(
                "", "", (Evidence(link.target[:120], link.part, link.offset),), values={"host": link.host}
            )
            return
