"""What speaks against an author whom nobody knows: how their house is called, and that nothing in the mail is the reader's.

Words of offices are the same in honest and deceiving mail; who writes them is not. Both answers are counts of facts.
"""

import re
from functools import lru_cache

import re2

from filters.lures.belonging import ALL_LURES, TRADES, leads_elsewhere, name_fits
from filters.lures.hosts import (
    different,
    is_cheap,
    is_customers,
    is_hosting,
    is_registered,
    is_restricted,
    label,
    organisational,
    owner,
    readable,
)
from filters.views import LinkView
from mail.address import domain_of
from mail.charset import fold

_LONG = re.compile(r"ou|oo|uu")
"""Japanese in Latin letters, with its long vowels spelt out: as often as not they are left short."""


def _first(match: re.Match[str]) -> str:
    return match[0][0]


_DEEDS = ALL_LURES - TRADES
_SHORT_DEEDS = frozenset(_LONG.sub(_first, word) for word in _DEEDS) - {
    _LONG.sub(_first, word) for word in TRADES
}
_HEADS = tuple(word for word in sorted(_DEEDS) if len(word) >= 6)
"""Deeds that are the last part of a compound, too: "zollgebuehr"."""
_PLACES = frozenset({
    "jp", "japan", "uk", "us", "usa", "de", "fr", "it", "es", "br", "eu", "au", "ca", "kr", "cn", "nl", "asia", "intl", "global",
})  # fmt: skip
"""Parts of a name that say only where."""
_PARTS = re.compile(r"[-_0-9]+")

ODD = 3
"""Of `house`: as many facts make a house odd."""
NOBODYS = 3
"""Of `impersonal`: as many facts say that a mail is to nobody in particular."""

PERSONAL = (4, 2)
"""Of `impersonal`: at most as many, by what is odd about the house."""
ANYBODYS = 2
"""Where anybody gets an address: not odd by itself."""
HEAD = 600
"""Characters in which a mail greets."""
SHORT = 450
"""Characters of a text that only asks."""

CURT = 360
"""Octets of two or three sentences: 120 characters of Japanese."""
LONGEST = 900
"""Characters of these and an address."""
_ADDRESSES = re2.compile(r"https?://\S+|[\w.+-]+@[\w.-]+")
_WORDS = re.compile(r"[a-z]+")
_KANA, _HAN = re.compile("[\u3040-\u30ff]"), re.compile("[\u4e00-\u9fff]{6}")
_COMPANY = re2.compile(
    r"株式会社|有限会社|合同会社|法人|㈱|\b(?:gmbh|ltd|inc|llc|llp|plc|corp|co\., ?ltd|s\.?a\.?r\.?l|s\.?r\.?l|s\.?p\.?a|b\.?v|ag|kg|ab|oy|limited|pty|s\.l|lda|ltda)\b|公司|주식회사"
)

_GREETED = re2.compile(
    r"(?i)(?:^|\n)[^\n]{0,40}?([^\s、。,\n]{1,20})[ 　]?(?:様|御中|さま|さん|ちゃん|くん|殿)(?:[\s、,(へ]|$)"
    r"|(?:^|\n)(?:dear|hello|hi|hey|good (?:morning|afternoon)|hallo|guten tag|bonjour|estimad[oa]|hola|ol[aá]|prezad[oa]|car[oa]|gentile|buongiorno|beste"
    r"|geachte|sehr geehrter?|lieber?|chere?|monsieur|madame)[ \t]+([^\n,!:]{2,40})"
    r"|(?:^|\n)[^\n]{0,20}?([^\s,\n]{2,8}) ?(?:님|先生|女士)"
)
_NOBODY = re2.compile(
    r"客|会員|ユーザ|各位|皆|利用者|カード|オーナー|契約者|保護者|加入者|担当|用户|客户|고객|회원|customer|client|user|member|\bsir\b|madam|account|team|\ball\b"
    r"|colleague|valued|friend|kund|nutzer|damen|usuari|utente|contribu|utilisateur|abonn|klant|gebruiker|exhibitor|applicant|holder|taxpayer|parent"
    r"|owner|partner|subscriber|patient|hiring|there\b|mesdames|senor"
)
_SIGNED = re2.compile(
    r"\+\d[\d ()/.-]{7,}|\b0\d{1,4}[- ]\d{1,4}[- ]\d{2,4}\b|\b0\d{2,4}[ /]\d{3,}|〒\d|\d+-\d+-\d+\s|\bstreet\b|\bstr\. ?\d|\broad\b|\bsuite\b|\bavenue\b|\bfloor\b"
)
"""A telephone number or an address."""
_OURS = re2.compile(
    r"(?:no\.?|number|#|番号|号|ref(?:erence)?|nummer|n°|id|po|konto)[ ::#-]{0,3}[a-z]{0,4}-?\d{2,}"
)
"""The number of an order, a contract, a customer."""


def _is_deed(part: str) -> bool:
    return part in _DEEDS or part.endswith(_HEADS) or _LONG.sub(_first, part) in _SHORT_DEEDS


@lru_cache(maxsize=1024)
def house(domain: str) -> int:
    """How much the name of a house says that it is none: joined words (not where a registry asks who registers), a deed (2) or at
    least a word of lures, three parts, a place beside others; 2 where anybody gets an address. 0 for well-known houses and offices."""
    if is_customers(domain):
        return ANYBODYS
    if not domain or owner(domain) is not None or is_restricted(domain):
        return 0
    name = readable(label(domain))
    parts = [part for part in _PARTS.split(name) if part]
    anybodys = is_hosting(domain) or is_cheap(organisational(domain))
    if len(parts) < 2:
        return 2 * anybodys + (name in _DEEDS)
    deed = any(_is_deed(part) for part in parts)
    told = deed or any(part in TRADES for part in parts)
    count = 2 * anybodys + deed + told + ("-" in name and not is_registered(domain))
    return count + (len(parts) >= 3) + any(part in _PLACES for part in parts) if told or anybodys else count


def impersonal(incoming: LinkView) -> int:
    """How much says that the mail is to nobody in particular: nobody greeted by name, neither telephone nor address, no number of an
    order or contract, little text and one place to go to, a sender's name that fits nothing, answers or links elsewhere."""
    text = incoming.folded[: 4 * HEAD]
    size = max((len(shown.text) for shown in incoming.texts), default=0)
    places = {organisational(host) for host in incoming.hosts}
    elsewhere = any(different(domain_of(box.address), incoming.domain) for box in incoming.reply_to)
    return (
        (not is_personal(incoming))
        + (_SIGNED.search(text) is None)
        + (_OURS.search(text) is None)
        + (size < SHORT and len(places) <= 2)
        + (not name_fits(incoming))
        + (elsewhere or leads_elsewhere(incoming))
    )


def is_personal(incoming: LinkView) -> bool:
    """True when somebody is greeted by name."""
    text = incoming.folded[:HEAD]
    return any(
        not _NOBODY.search(next(filter(None, match.groups()), "")) for match in _GREETED.finditer(text)
    )


def is_curt(incoming: LinkView) -> bool:
    """True for two or three sentences, with one place to go to at most, and no number of an order or contract."""
    if not 0 < max((len(shown.text) for shown in incoming.texts), default=0) <= LONGEST:
        return False
    size = max(len(_ADDRESSES.sub("", shown.text).strip().encode()) for shown in incoming.texts)
    places = {organisational(host) for host in incoming.hosts}
    return 0 < size <= CURT and len(places) <= 1 and _OURS.search(incoming.folded) is None


def is_named(incoming: LinkView) -> bool:
    """True when the mail may say by name whose house its author writes from: a part of the domain stands in the sender's name, the
    subject or the text, a word of the name in the domain, or a company by its kind. Names that are not in Latin letters may be."""
    name, own = fold(incoming.name).lower(), readable(label(incoming.domain))
    said = _ADDRESSES.sub(" ", f"{name}\n{incoming.folded}")
    words = "".join(c for c in said if c.isalnum())
    part = max(_PARTS.split(own), key=len)
    return (
        not name.isascii()
        or (len(part) >= 3 and part in words)
        or any(len(word) >= 4 and word in own for word in _WORDS.findall(name))
        or _COMPANY.search(said) is not None
    )


def _is_at_home_in_china(incoming: LinkView) -> bool:
    """True for Chinese from .cn: there it is no cheap place, but the usual one."""
    if not incoming.domain.endswith(".cn"):
        return False
    text = incoming.folded[:HEAD]
    return _KANA.search(text) is None and _HAN.search(text) is not None


def is_odd(incoming: LinkView) -> bool:
    """True for a stranger whose house is none, and who writes to nobody in particular."""
    facts = house(incoming.domain) - (ANYBODYS if _is_at_home_in_china(incoming) else 0)
    return facts >= ODD and impersonal(incoming) >= NOBODYS - (facts > ODD + 1)


def is_calm(incoming: LinkView) -> bool:
    """True for a stranger whose house has a name of its own, and who does not write to just anybody: a single sign in their words
    is no warning. Of joined names more must be the reader's."""
    facts = house(incoming.domain)
    return facts <= 1 and impersonal(incoming) <= PERSONAL[facts]
