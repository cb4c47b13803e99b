"""IN-SPOOF: somebody we know writes what only somebody else would write from their account."""

import re
from collections.abc import Iterator
from functools import cache
from itertools import chain, islice

from config.policy import Organisation
from filters.finding import Evidence, Sight
from filters.lures.belonging import LURE_WORDS, MAILERS, is_disposable
from filters.lures.hosts import below, is_hosting, label, owner, same_organisation
from filters.lures.links import Link, plain_links
from filters.lures.phrases import FAMILIES, plain_of
from filters.reading.own_words import own_words
from filters.rule import rule
from filters.trigger import Given
from filters.views import ByFilesAndLinks, FileAndLinkView
from mail.charset import fold

_FORTUNES = ("coins", "legacy", "gambling", "dating")
_PACKED = re.compile(
    r"(?i)\.(?:zip|7z|rar|iso|img|vhdx?|exe|msi|js|vbs|hta|lnk|scr|jar|cab|ace|lzh)(?:[?#]|$)"
)
_TOLD = (
    "password",
    "passcode",
    "パスワード",
    "解凍",
    "passwort",
    "mot de passe",
    "contrasena",
    "senha",
    "wachtwoord",
)
LITTLE = 400
"""Characters of own words that say little more than the link."""
LONG = 3_000
"""Characters of own words among which phrases come by chance."""
MOST = 100
"""Links that are judged, of those that lead away."""
SHORTEST = 5
"""Letters of a name that is recognised inside another."""


@rule(control="IN-SPOOF", direction="inbound", wakes=(Given.KNOWN,))
def taken_account(mail: ByFilesAndLinks, organisation: Organisation) -> Iterator[Sight]:
    """From an author we know, in their own words (not what they quote): a login asked for at somebody else's site, an errand
    with gift cards or balances, a payment there, a fortune, a site that bears their name and is not theirs, a packed file
    there, little more than a link to a site that was made for a few days.

    `weight` says how little it can be theirs: 5 where the site was made for a few days, 3 for words alone. Of a long mail,
    what is not quoted counts, and where that is long itself, no words.
    """
    incoming = mail.incoming
    if not incoming.known() or incoming.is_bulk or organisation.internal(incoming.author.address):
        return
    own = _own(incoming)
    text = "\n".join([own, incoming.lures[len(incoming.plain) :]])
    away = _away(incoming, organisation, text)
    if incoming.is_full and len(own) > LONG:
        text = ""
    best: tuple[int, str, Evidence, str] | None = None
    for weight, why, evidence, host in _signs(incoming, text, away):
        if best is None or weight > best[0]:
            best = weight, why, evidence, host
    if best:
        weight, why, evidence, host = best
        yield Sight((evidence,), weight=weight, values={"why": why, "host": host[:60]})


def _own(incoming: FileAndLinkView) -> str:
    """What the author wrote, as phrases are compared; of a long mail wherever it stands between what is quoted."""
    if not incoming.is_full:
        return own_words(incoming.plain)
    lines = own_words(incoming.folded).split("\n")
    return plain_of("\n".join(line for line in lines if line.strip()))


def _signs(
    incoming: FileAndLinkView, text: str, away: list[tuple[str, Evidence, str]]
) -> Iterator[tuple[int, str, Evidence, str]]:
    """(weight, why, evidence, host) of each sign."""
    made = next(((h, e) for h, e, _ in away if is_disposable(h)), None)
    site = made or next(((h, e) for h, e, _ in away), None)
    if words := FAMILIES["errand"].strong_in(text):
        yield 5, "errand", incoming.quote(words[0]), ""
    if site and (words := FAMILIES["credentials"].strong_in(text)):
        yield 5 if made else 4 if len(words) >= 2 else 3, "login", incoming.quote(words[0]), site[0]
    if site and (words := FAMILIES["notice"].strong_in(text)):
        yield 5 if made else 3, "pay", incoming.quote(words[0]), site[0]
    little = len("".join(text.split())) < LITTLE and (bool(text.strip()) or not incoming.is_full)
    if made and not is_hosting(made[0]) and little:
        yield 4, "strange", made[1], made[0]
    for name in _FORTUNES:
        if words := FAMILIES[name].strong_in(text):
            yield (
                5 if made else 4 if site else 3,
                "fortune",
                incoming.quote(words[0]),
                site[0] if site else "",
            )
    for host, evidence, target in away:
        if _bears_name(host, incoming.domain):
            yield 5 if is_disposable(host) else 4, "name", evidence, host
        if _PACKED.search(target.partition("://")[2].partition("/")[2]):
            told = any(word in text for word in _TOLD)
            yield 5 if told or is_disposable(host) else 3, "packed", evidence, host


def _away(
    incoming: FileAndLinkView, organisation: Organisation, text: str
) -> list[tuple[str, Evidence, str]]:
    """(host, evidence, target) of what leads neither to the author, nor to us, nor to a well-known organisation, and is
    not only quoted."""
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


def _bears_name(host: str, domain: str) -> bool:
    """True when a host is called by the author's name and a word of lures: "docs-marufuku" of "marufuku-unyu"."""
    whole = label(domain)
    names = [p for p in re.split(r"[-_]", whole) if p not in LURE_WORDS]
    shown = label(host)
    for name in dict.fromkeys((whole, whole.replace("-", ""), *names)):
        if len(name) >= SHORTEST and name in shown:
            rest = [part for part in re.split(r"[-_\d]+", shown.replace(name, "-", 1)) if part]
            if rest and all(part in LURE_WORDS for part in rest):
                return True
    return False
