"""IN-LOOKALIKE: addresses made to last a few days."""

import re
from collections.abc import Iterator

from config.policy import Organisation
from filters.finding import Evidence, Sight
from filters.lures.belonging import MAILERS, is_made_up, is_service, is_vouched_for
from filters.lures.hosts import (
    SHORTENERS,
    below,
    different,
    is_cheap,
    is_hosting,
    is_random,
    is_restricted,
    is_worst,
    label,
    organisational,
    owner,
    readable,
    same_organisation,
)
from filters.lures.strangers import NOBODYS, house, impersonal
from filters.rule import rule
from filters.trigger import Always
from filters.views import ByLinks, LinkView
from mail.address import domain_of


@rule(
    control="IN-LOOKALIKE", direction="inbound", wakes=(Always("the author's domain is judged by its form"),)
)
def odd_host(mail: ByLinks, organisation: Organisation) -> Iterator[Sight]:
    """The sender's domain or a link's host: random letters, a cheap top-level domain, or a page anybody can open.

    Also a name made up to look official ("account-verify": 3 where it is an unknown sender's and links lead there), and random letters in the reverse-path, or (1)
    the Message-ID.
    """
    incoming = mail.incoming
    places = [(incoming.domain, "header:from", 0)] if incoming.domain else []
    envelope, made = _behind(mail)
    if not incoming.is_bulk and _is_strange(envelope, incoming):
        places.append((envelope, "", -1))
    if not incoming.is_bulk:
        odd = {host for host in incoming.hosts if _is_odd(host, incoming.domain)}
        # One odd host among many means nothing.
        if odd and len(odd) * 4 >= len(incoming.hosts):
            places += [(k.host, k.part, k.offset) for k in incoming.links if k.host in odd][:60]
    best: tuple[int, str, str, int] | None = None
    for host, part, offset in places:
        weight = _oddness(host, part == "header:from")
        if weight and (best is None or weight > best[0]):
            best = weight, host, part, offset
    if (
        best
        and is_hosting(best[1])
        and (
            incoming.known()
            or is_service(best[1])
            or (is_restricted(incoming.domain) and is_vouched_for(mail))
        )
    ):
        best = 1, *best[1:]  # everybody shares there; people we know, towns and schools use others' forms
    if (
        best == (2, incoming.domain, "header:from", 0)
        and is_made_up(incoming.domain)
        and not (incoming.is_bulk or incoming.known() or mail.incoming.author.address in mail.facts.familiar)
        and any(same_organisation(host, incoming.domain) for host in incoming.hosts)
    ):
        # a stranger whose whole house is a name of functions, or a name of its own that sounds so
        modest = house(incoming.domain) <= 1 and impersonal(incoming) <= NOBODYS
        best = 1 if modest else 3, *best[1:]
    if best is None and not incoming.is_bulk and _is_strange(made, incoming):
        best = 1, made, "header:message-id", 0
    if best:
        weight, host, part, offset = best
        yield Sight((Evidence(host[:120], part, offset),), weight=weight, values={"host": host[:60]})


_STEM_AND_NUMBER = re.compile(r"[a-z]{2,5}\d{3,}|\d+[a-z]{1,4}\d+[a-z]*|[a-z]\d{2,}[a-z]+")


def _is_odd(host: str, sender: str) -> bool:
    """True for somebody else's odd host; one of the sender's own organisation says no more than the address does."""
    return (
        bool(host)
        and not (below(host, SHORTENERS) or below(host, MAILERS) or same_organisation(host, sender))
        and (owner(host) is None or is_hosting(host))
        and _oddness(host, False) > 0
    )


def _behind(mail: ByLinks) -> tuple[str, str]:
    """The domain that handed in the mail, and the one that made its Message-ID."""
    field = mail.message.first("message-id")
    made = field.text.rpartition("@")[2].strip(" <>").lower()[-253:] if field else ""
    return domain_of(mail.facts.envelope.reverse_path), made


def _is_strange(host: str, incoming: LinkView) -> bool:
    """True for random letters in a domain unrelated to the author."""
    return (
        "." in host
        and different(host, incoming.domain)
        and is_random(readable(label(host)))
        and not below(host, MAILERS)
    )


def _oddness(host: str, is_sender: bool) -> int:
    if is_hosting(host) or is_made_up(host):
        return 2
    if "." not in host and ":" not in host:
        return 3 if is_sender else 0
    name, known = readable(label(host)), owner(host) is not None
    random = not known and (
        is_random(name) or any(len(p) >= 8 and is_random(p) for p in readable(host).split(".")[:-1])
    )
    random = random or (is_sender and bool(_STEM_AND_NUMBER.fullmatch(name)))
    cheap = is_cheap(organisational(host))
    if random:
        return 3 if cheap else 2
    return 2 if is_sender and is_worst(host) else 1 if cheap else 0
