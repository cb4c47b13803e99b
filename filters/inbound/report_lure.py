"""IN-LINK: a report on delivery that asks for a login: mail systems tell what happened, and ask for nothing."""

from collections.abc import Iterator

from config.policy import Organisation
from filters.finding import Evidence, Sight
from filters.lures.belonging import is_disposable, related
from filters.lures.hosts import is_hosting, owner
from filters.lures.phrases import FAMILIES
from filters.rule import rule
from filters.trigger import Given, Theme
from filters.views import ByLinks
from mail.returned import is_by_program

_ASKING = ("credentials", "notice")


@rule(control="IN-LINK", direction="inbound", wakes=(Theme(_ASKING, strong=True), Given.CODE))
def report_lure(mail: ByLinks, organisation: Organisation) -> Iterator[Sight]:
    """A null reverse-path and a mail system as its author, a phrase about accounts, payments or mail that waits, and a link
    that leads neither to us, nor to the author's organisation, nor to a well-known one. Addresses made for a few days are
    nobody's organisation. No mail system writes QR codes."""
    incoming = mail.incoming
    if mail.facts.envelope.reverse_path or not is_by_program(incoming.author):
        return
    if incoming.code_links:
        code = incoming.code_links[0]
        yield Sight((Evidence(code.target[:120], code.part, -1),), values={"host": code.host[:60]})
        return
    if not any(FAMILIES[name].strong_in(incoming.plain) for name in _ASKING):
        return
    for link in incoming.links:
        host = link.host
        own = organisation.ours(host) or (
            related(incoming.domain, host)
            and not organisation.ours(incoming.domain)
            and not is_disposable(host)
        )
        if host and not own and (owner(host) is None or is_hosting(host)):
            yield Sight((Evidence(link.target[:120], link.part, link.offset),), values={"host": host[:60]})
            return
