"""IN-LINK: no link leads to the sender's own organisation."""

from collections.abc import Iterator

from config.policy import Organisation
from filters.finding import Evidence, Finding
from filters.hosts import is_freemail, same_organisation
from filters.incoming import incoming_of
from filters.rule import Mail, rule


@rule(
    control="IN-LINK",
    direction="inbound",
    then="warn",
    weight=1,
    ja="リンク先（{host}）が、どれも差出人の組織（{domain}）のものではありません",
    en="None of its links leads to {domain}, from which it comes, but to {host}",
)
def links_elsewhere(mail: Mail, organisation: Organisation) -> Iterator[Finding]:
    """A page (HTML) whose links all lead to other organisations than the author's."""
    incoming = incoming_of(mail)
    if (
        incoming.is_bulk
        or incoming.is_long
        or not incoming.pages
        or not incoming.hosts
        or not incoming.domain
    ):
        return
    if is_freemail(incoming.domain) or any(same_organisation(h, incoming.domain) for h in incoming.hosts):
        return
    link = next(link for link in incoming.links if link.host)
    values = {"host": link.host[:60], "domain": incoming.domain[:60]}
    yield Finding("", "", (Evidence(link.target[:120], link.part, link.offset),), values=values)
