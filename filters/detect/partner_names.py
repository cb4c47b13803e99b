"""The names of partners in a text: written out, without the form of the company, or by their beginning.

    names = partner_names(organisation)
    names.found(text, also_short=True)        Named: .name .domains .offset .length, in the order of the text

Names are those of the policy (organisation.partners). Our own name is never a partner's; a name in a longer one is that.
"""

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache

import msgspec

from config.policy import Organisation
from filters.lures.hosts import organisational
from mail.charset import fold

SHORT = 4
"""Characters of the beginning of a Japanese name that stand for it, where no other name begins so."""
_FORM = re.compile(
    r"株式会社|有限会社|合同会社|合資会社|(?:一般|公益)?(?:社団|財団)法人|(?:独立行政|国立大学|学校|医療|社会福祉)法人|\((?:株|有|同|社|財)\)"
    r"|,?\s{0,3}\b(?:co\.?,?\s{0,3}ltd|inc|ltd|limited|corp(?:oration)?|company|gmbh|llc|llp|plc|ag|ab|s\.?a\.?s?|b\.?v|pte|k\.?k)\b\.?"
)
_BETWEEN = r"[\s_.,\-・]{0,3}"


class Named(msgspec.Struct, frozen=True):
    """A partner that a text names, with its domains, and where; `short` when only the beginning of its name stands there."""

    name: str
    domains: frozenset[str]
    offset: int
    length: int
    short: bool = False


class PartnerNames:
    """The names of an organisation's partners, compiled. `partners`: (domain, name); `own`: names of ours."""

    def __init__(self, partners: Iterable[tuple[str, str]], own: Iterable[str]) -> None:
        self._domains: dict[str, set[str]] = {}
        for domain, name in partners:
            self._domains.setdefault(name, set()).add(domain.lower())
        self._of: dict[str, str] = {}
        self._short: dict[str, bool] = {}
        ours = {bare for name in own if (bare := bared(name))}
        known = {bare: name for name in self._domains if len(bare := bared(name)) >= 2 and bare not in ours}
        for bare, name in known.items():
            self._add(bare, name)
        for each in ours:
            self._of.setdefault(each, "")
        whole = [*known, *ours]
        for bare, name in known.items():
            begins = bare[:SHORT]
            if len(bare) > SHORT and not begins.isascii() and sum(w.startswith(begins) for w in whole) == 1:
                self._add(begins, name, short=True)
        for name, domains in self._domains.items():
            for label in sorted(organisational(domain).partition(".")[0] for domain in domains):
                if len(re.sub(r"\W", "", label)) >= 5:
                    self._add(re.sub(r"[\W_]", "", label), name, short=True)
        longest = sorted(self._of, key=len, reverse=True)
        self._pattern = re.compile("|".join(map(_pattern, longest))) if longest else None

    def _add(self, key: str, name: str, *, short: bool = False) -> None:
        if key not in self._of:
            self._of[key] = name
            self._short[key] = short

    def found(self, flat: str) -> Iterator[Named]:
        """The partners that a folded text in lower case names."""
        if self._pattern is None:
            return
        for match in self._pattern.finditer(flat):
            key = re.sub(r"[\s_.,\-・]", "", match[0])
            if name := self._of.get(key, ""):
                domains = frozenset(self._domains[name])
                yield Named(name, domains, match.start(), len(match[0]), self._short.get(key, False))


def bared(name: str) -> str:
    """A name as it is compared: folded, in lower case, without the form of the company and without blanks."""
    return re.sub(r"[\s_.,\-・]", "", _FORM.sub("", fold(name).lower()))


def _pattern(key: str) -> str:
    """Matches a key also where it is written with blanks; Latin letters only as words of their own."""
    spaced = _BETWEEN.join(map(re.escape, key)) if key.isascii() else re.escape(key)
    begins = r"(?<![a-z0-9])" if key[0].isascii() and key[0].isalnum() else ""
    ends = r"(?![a-z0-9])" if key[-1].isascii() and key[-1].isalnum() else ""
    return f"{begins}{spaced}{ends}"


def partner_names(organisation: Organisation) -> PartnerNames:
    """The names of this organisation's partners; compiled once."""
    partners = tuple(sorted(organisation.partners.items()))
    return _compiled(partners, (organisation.name,))


@lru_cache(maxsize=8)
def _compiled(partners: tuple[tuple[str, str], ...], own: tuple[str, ...]) -> PartnerNames:
    return PartnerNames(partners, own)
