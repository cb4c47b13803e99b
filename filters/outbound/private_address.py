"""OUT-PRIVATE: nobody sends work home: to a free-mail address that looks like the sender's own."""

import re
from collections.abc import Iterator
from functools import lru_cache

from config.policy import Organisation
from filters.detect.romaji import readings, spelled
from filters.facts import Person
from filters.finding import Evidence, Sight
from filters.lures.hosts import is_freemail
from filters.rule import rule
from filters.trigger import Always
from filters.views import ByFields
from mail.address import domain_of, header_addresses
from mail.charset import fold


@rule(control="OUT-PRIVATE", direction="outbound", wakes=(Always("it looks at the envelope"),))
def private_address(
    mail: ByFields, organisation: Organisation, *, free_mail: bool, registered: tuple[str, ...]
) -> Iterator[Sight]:
    """An external recipient's address or name resembles the sender's, in letters, kana or kanji, or it is one of `registered`
    or a private address that the directory knows of somebody.

    `free_mail`: resemblance counts at free-mail providers only (False: at all external domains).
    """
    sender = mail.facts.sender
    private = {address.lower() for address in registered}
    names = _names(mail)
    for index, address in enumerate(mail.facts.envelope.recipients):
        lower = address.lower()
        if organisation.group(lower):
            continue
        suspected = lower in private or address in mail.facts.private
        if not suspected and sender is not None and (not free_mail or is_freemail(domain_of(lower))):
            suspected = resembles(sender, lower, names.get(lower, ""))
        if suspected:
            evidence = (Evidence(address[:200], "", -1),)
            values = {"address": address[:200]}
            yield Sight(evidence, recipients=(index,), values=values, about=(lower,))


def resembles(sender: Person, address: str, shown: str = "") -> bool:
    """True when an address, or the name shown with it, looks like the sender's own.

    taro.yamada@ours: taroyamada, yamada-taro88, t.yamada, yamada.t, yamada1980; sato@ours: sato, sato1234;
    山田太郎: taro.yamada, yamada-t0412, yamadatarou (filters/detect/romaji.py).
    """
    names = tuple(dict.fromkeys(filter(None, (sender.name, *sender.names))))
    if shown and _plain(shown) in {_plain(name) for name in names}:
        return True
    letters = re.sub(r"[^a-z]", "", address.rpartition("@")[0].split("+")[0])
    if not letters:
        return False
    if spelled(letters) in _spellings(names):
        return True
    own = [a.lower().partition("@")[0] for a in sender.addresses]
    own += [name.lower() for name in names if name.isascii()]
    for local in own:
        words = [w for w in re.split(r"[^a-z]+", local) if w]
        full = [w for w in words if len(w) >= 2]
        if not words or len("".join(words)) < 4:
            continue
        if letters in {"".join(words), "".join(reversed(words))}:
            return True
        if len(full) >= 2 and all(w in letters for w in full):
            return True
        for word in full:
            rest = letters.replace(word, "", 1)
            others = {w[0] for w in words if w != word}
            if len(word) >= 4 and word in letters and (not rest or (len(rest) == 1 and rest in others)):
                return True
    return False


@lru_cache(maxsize=512)
def _spellings(names: tuple[str, ...]) -> frozenset[str]:
    """The local parts, as they are compared, of who is called that: both names in either order, or one as its initial."""
    pairs = {pair for name in names for pair in readings(name)}
    return frozenset(
        spelled(form)  # what stands side by side may be read as one sound
        for surname, given in pairs
        for form in (surname + given, given + surname, surname + given[:1], given[:1] + surname)
        if len(form) >= 4
    )


def _names(mail: ByFields) -> dict[str, str]:
    """The names that the header shows with recipients' addresses."""
    found: dict[str, str] = {}
    for header in mail.message.headers:
        if header.name in ("to", "cc"):
            found |= {m.address.lower(): m.name for m in header_addresses(header.value) if m.name}
    return found


def _plain(name: str) -> str:
    return re.sub(r"[\s,.・]", "", fold(name).lower())
