"""Links of a mail that lead neither to its author, nor to us, nor to an organisation that everybody knows."""

from functools import cache
from itertools import chain, islice

from config.policy import Organisation
from filters.finding import Evidence
from filters.lures.belonging import MAILERS
from filters.lures.hosts import below, is_hosting, owner, same_organisation
from filters.lures.links import Link, plain_links
from filters.lures.phrases import plain_of
from filters.views import FileAndLinkView
from mail.charset import fold

MOST = 100
"""Links that are judged, of those that lead away."""


def leading_away(
    incoming: FileAndLinkView, organisation: Organisation, text: str
) -> list[tuple[str, Evidence, str]]:
    """(host, evidence, target) of each that is not only quoted; `text` is what the author wrote themselves."""
    own = (k for k in incoming.links if k.host in text or (k.kind != "text" and _is_own(incoming, k, text)))
    links = chain(
        ((k.host, Evidence(k.target[:120], k.part, k.offset), k.target) for k in own),
        (
            (k.host, Evidence(k.target[:120], each.part, -1), k.target)
            for each in incoming.attached
            for k in plain_links(each.text)
        ),
    )

    @cache
    def leads_away(host: str) -> bool:
        return bool(
            host
            and not same_organisation(host, incoming.domain)
            and not organisation.ours(host)
            and not below(host, MAILERS)
            and (owner(host) is None or is_hosting(host))
        )

    return list(islice((link for link in links if leads_away(link[0])), MOST))


def _is_own(incoming: FileAndLinkView, link: Link, text: str) -> bool:
    """False for what a long mail quotes."""
    return (
        not incoming.is_full
        or link.kind == "qr"
        or (bool(link.shown) and plain_of(fold(link.shown).lower()) in text)
    )
