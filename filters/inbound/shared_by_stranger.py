"""IN-LINK: a document, form, file or signature on a well-known service, shared by somebody whom nobody knows."""

from collections.abc import Iterator

from config import lists
from config.policy import Organisation
from filters.finding import Evidence, Sight
from filters.lures.hosts import below
from filters.lures.phrases import ASKS, FAMILIES
from filters.rule import rule
from filters.trigger import Given
from filters.views import ByLinks

_ASKING = ("credentials", "demand", "personnel", "errand", "legacy", "coins", *ASKS)
_OTHER = ("notice", "authority", "minutes", "inquiry", "profit", "gambling", "dating", "callback")


def _services() -> dict[str, tuple[tuple[str, str], ...]]:
    """Host -> (beginning of the path, kind), longer ones first."""
    found: dict[str, list[tuple[str, str]]] = {}
    for kind, places in lists.table("services").items():
        for place in places:
            host, _, path = place.partition("/")
            found.setdefault(host, []).append((path, kind))
    return {host: tuple(sorted(several, reverse=True)) for host, several in found.items()}


_SERVICES = _services()
_HOSTS = frozenset(_SERVICES)


@rule(control="IN-LINK", direction="inbound", wakes=(Given.LINK,))
def shared_by_stranger(mail: ByLinks, organisation: Organisation) -> Iterator[Sight]:
    """A link to a page that anybody can put on a genuine service, in the mail of a stranger: named, and 1 when the mail is about
    something that gets people to open mails; 3 when it asks for a login, money or what concerns the staff."""
    incoming = mail.incoming
    author = incoming.author.address
    if incoming.is_bulk or incoming.known() or author in mail.facts.familiar or organisation.internal(author):
        return
    hosts = {host for host in incoming.hosts if below(host, _HOSTS)}
    for link in incoming.links if hosts else ():
        if link.host in hosts and (kind := service(link.host, link.target)):
            text = incoming.lures
            asking = any(FAMILIES[name].strong_in(text) for name in _ASKING)
            about = asking or any(FAMILIES[name].strong_in(text) for name in _OTHER)
            values = {"host": link.host[:60], "what": kind}
            evidence = (Evidence(link.target[:120], link.part, link.offset),)
            yield Sight(evidence, weight=3 if asking else 1 if about else 0, values=values)
            return


def service(host: str, target: str) -> str:
    """The kind of what a service shows under this address: "forms", "signing", "files", "documents", or ""."""
    path = target.partition("://")[2].partition("/")[2].lower()
    while host:
        for start, kind in _SERVICES.get(host, ()):
            if path.startswith(start):
                return kind
        host = host.partition(".")[2]
    return ""
