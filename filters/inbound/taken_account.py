"""IN-SPOOF: somebody we know writes what only somebody else would write from their account."""

import re
from collections.abc import Iterator

from config.policy import Organisation
from filters.finding import Evidence, Sight
from filters.lures.away import leading_away
from filters.lures.belonging import is_disposable, is_made_up, is_service
from filters.lures.hosts import is_hosting
from filters.lures.imitation import bears_name
from filters.lures.phrases import FAMILIES, plain_of
from filters.reading.own_words import own_words
from filters.rule import rule
from filters.trigger import Given
from filters.views import ByFilesAndLinks, FileAndLinkView

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
SHORT = 1_200
"""Characters of own words beside which a site put together of functions is odd."""
LONG = 3_000
"""Characters of own words among which phrases come by chance."""


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
    away = leading_away(incoming, organisation, text)
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
    shared = next(
        ((k.host, Evidence(k.target[:120], k.part, k.offset)) for k in incoming.links if is_service(k.host)),
        site,
    )
    if shared and (words := FAMILIES["nested"].strong_in(text)):
        yield 5, "login", incoming.quote(words[0]), shared[0]
    if site and (words := FAMILIES["notice"].strong_in(text)):
        yield 5 if made else 3, "pay", incoming.quote(words[0]), site[0]
    little = len("".join(text.split())) < LITTLE and (bool(text.strip()) or not incoming.is_full)
    if made and not is_hosting(made[0]) and little:
        yield 4, "strange", made[1], made[0]
    elif made and is_made_up(made[0]) and len("".join(text.split())) < SHORT:
        yield 3, "strange", made[1], made[0]
    for name in _FORTUNES:
        if words := FAMILIES[name].strong_in(text):
            yield (
                5 if site else 3,
                "fortune",
                incoming.quote(words[0]),
                site[0] if site else "",
            )
    for host, evidence, target in away:
        if bears_name(host, incoming.domain):
            yield 5 if is_disposable(host) else 4, "name", evidence, host
        if _PACKED.search(target.partition("://")[2].partition("/")[2]):
            told = any(word in text for word in _TOLD)
            yield 5 if told or is_disposable(host) else 3, "packed", evidence, host
