"""Host names and what they pretend to be: organisational domains, free mail, brands, look-alikes.

Everything is compared as a `skeleton`, a form in which characters that look the same are the same.
"""

import re
from collections.abc import Iterator
from functools import lru_cache

import idna
import msgspec
from publicsuffixlist import PublicSuffixList

from config import lists
from filters.detect.literals import Literals
from filters.lures.phrases import without_accents
from mail.charset import fold

_SUFFIXES = PublicSuffixList()
FREEMAIL = lists.entries("freemail")
SHORTENERS = lists.entries("shorteners")
HOSTING = lists.entries("hosting")
_SUFFIX_LIST = lists.entries("suffixes")
CHEAP = frozenset(suffix.lstrip("!") for suffix in _SUFFIX_LIST)
WORST = frozenset(suffix[1:] for suffix in _SUFFIX_LIST if suffix.startswith("!"))
PROVIDERS = lists.entries("providers")

_ALIKE = {
    ord(char): letter
    for letter, chars in {
        "a": "аӑӓαΑɑ", "b": "ЬвΒβƅ", "c": "сϲⅽ", "d": "ԁđⅾ", "e": "еёєҽεΕ3", "f": "ƒſ", "g": "ɡԍց", "h": "һнΗհħ",
        "l": "іїΙιӏı|1lIⅼⅰ", "j": "јϳ", "k": "кκΚ", "m": "мΜⅿ", "n": "пηΝոռ", "o": "оοΟ0օøσ", "p": "рρΡ", "q": "ԛզ",
        "r": "гɾ", "s": "ѕ5$ß", "t": "тτΤŧ", "u": "υսμ", "v": "ѵν", "w": "ԝωѡ", "x": "хχΧ", "y": "уүγΥ", "z": "ζΖᴢ",
    }.items()
    for char in chars
}  # fmt: skip


class Brand(msgspec.Struct, frozen=True):
    """An organisation whose name is borrowed: words as `skeleton`s; `whole` ones count only as a whole name."""

    name: str
    words: tuple[str, ...]
    whole: tuple[str, ...]
    domains: frozenset[str]
    japanese: bool

    def owns(self, host: str) -> bool:
        """True when the host is the brand's own or below it, or is exactly its name under one of ESTABLISHED."""
        return below(host, self.domains) or _namesake(host) is self


def below(host: str, domains: tuple[str, ...] | frozenset[str]) -> bool:
    """True when `host` is one of `domains` or a sub-domain of one."""
    host = host.lower().rstrip(".")
    while host:
        if host in domains:
            return True
        host = host.partition(".")[2]
    return False


@lru_cache(maxsize=4096)
def organisational(domain: str) -> str:
    """The organisational domain (RFC 7489 §3.2): one label more than the public suffix."""
    domain = domain.lower().rstrip(".")
    return _SUFFIXES.privatesuffix(domain) or domain


@lru_cache(maxsize=4096)
def ends_publicly(host: str) -> bool:
    """True when a name ends in an existing top-level domain, or one for examples (RFC 2606); `report.pdf` does not."""
    last = host.lower().rstrip(".").rpartition(".")[2]
    return last == "example" or _SUFFIXES.publicsuffix(last, accept_unknown=False) is not None


def label(domain: str) -> str:
    """The label that an organisation chose: "example" of "www.example.co.jp"."""
    return organisational(domain).partition(".")[0]


def same_organisation(one: str, other: str) -> bool:
    """True when two hosts share an organisational domain."""
    return bool(one) and organisational(one) == organisational(other)


def different(one: str, other: str) -> bool:
    """True when both domains are known and belong to different organisations."""
    return bool(one and other) and organisational(one) != organisational(other)


def is_freemail(domain: str) -> bool:
    """True when anybody can open a mailbox there (IN-FREEMAIL); providers' own hosts are no such place."""
    return below(domain, FREEMAIL) and not is_providers_own(domain)


_SERVICES = frozenset(
    ["mail", "email", "mx", "info", "news", "notice", "notify", "notification", "notifications", "id", "login", "account",
     "accounts", "support", "service", "help", "corp", "mailmag", "mag", "magazine", "campaign", "shop", "shopping", "store",
     "auctions", "wallet", "card", "pay", "my", "www", "bounce", "postmaster", "alert", "security"]
)  # fmt: skip
"""Below a provider's domain: hosts from which the provider itself writes."""


def is_providers_own(domain: str) -> bool:
    """True for the host of a provider's own service (mail.yahoo.co.jp): nobody opens a mailbox there. What the list of free
    mail names itself stays free mail."""
    domain = domain.lower().rstrip(".")
    name, _, rest = domain.partition(".")
    return domain not in FREEMAIL and name in _SERVICES and rest in FREEMAIL and owner(rest) is not None


def is_customers(domain: str) -> bool:
    """True when mailbox and domain belong to different people: free mail, and customers of providers."""
    return is_freemail(domain) or below(domain, PROVIDERS)


def is_hosting(host: str) -> bool:
    """True when anybody can put up a page there under somebody else's name."""
    return below(host, HOSTING)


RESTRICTED = frozenset(
    [
        "go.jp",
        "lg.jp",
        "ac.jp",
        "ed.jp",
        "gov",
        "edu",
        "mil",
        "gov.uk",
        "ac.uk",
        "sch.uk",
        "gob.es",
        "gouv.fr",
        "gov.br",
        "gov.au",
        "edu.au",
    ]
)
"""Where a registry gives names only to offices and schools, after checking who they are."""


def is_restricted(host: str) -> bool:
    """True below a domain in which nobody gets a name within days; names there belong to independent bodies."""
    return below(host, RESTRICTED)


_CHECKED = RESTRICTED | {
    "co.jp",
    "or.jp",
    "gr.jp",
    "co.kr",
    "re.kr",
    "com.cn",
    "gov.cn",
    "com.br",
    "com.au",
    "net.au",
    "bank",
}
"""Where a registry asks who registers: a company's entry, a tax number."""


def is_registered(host: str) -> bool:
    """True below a domain in which only a registered company, office or society gets a name."""
    return below(host, _CHECKED)


def is_cheap(host: str) -> bool:
    """True below a top-level domain where a name for a few days costs next to nothing."""
    return below(host, CHEAP)


def is_worst(host: str) -> bool:
    """True below a top-level domain that hardly any organisation uses."""
    return below(host, WORST)


def readable(host: str) -> str:
    """The host with its punycode labels as the characters that a person sees."""
    labels = []
    for part in host.split("."):
        if part.startswith("xn--"):
            try:
                part = idna.decode(part)
            except (idna.IDNAError, UnicodeError, ValueError, IndexError):
                pass
        labels.append(part)
    return ".".join(labels)


def skeleton(text: str) -> str:
    """`text` in lower case with look-alike characters unified: digits for letters, Cyrillic, Greek, accents.

    For comparing, not for reading: "rn" becomes "m", "vv" becomes "w", 0 becomes o, 1 and i become l.
    """
    text = fold(text).translate(_ALIKE).lower()
    return (
        without_accents(text)
        .translate(_ALIKE)
        .replace("rn", "m")
        .replace("vv", "w")
        .replace("cl", "d")
        .replace("i", "l")
    )


def _brands() -> tuple[Brand, ...]:
    found = []
    for group, brands in lists.table("brands").items():
        for name, (words, domains) in brands.items():
            found.append(
                Brand(
                    name,
                    tuple(skeleton(w) for w in words if not w.startswith("!")),
                    tuple(skeleton(w[1:]) for w in words if w.startswith("!")),
                    frozenset(domains),
                    group == "japan",
                )
            )
    return tuple(found)


BRANDS = _brands()
_OWNERS = {domain: brand for brand in reversed(BRANDS) for domain in brand.domains}
_BY_WORD = {word: brand for brand in reversed(BRANDS) for word in (*brand.words, *brand.whole)}
_LATIN = sorted((w for b in BRANDS for w in b.words if w.isascii()), key=len, reverse=True)
_OTHER = sorted((w for b in BRANDS for w in b.words if not w.isascii()), key=len, reverse=True)


_WORDS = Literals([*_LATIN, *_OTHER])


@lru_cache(maxsize=256)
def _pattern(words: tuple[str, ...]) -> re.Pattern[str]:
    """The words of brands as one pattern, long ones first; Latin ones are whole words."""
    latin = "|".join(re.escape(w) for w in words if w.isascii())
    other = "|".join(re.escape(w) for w in words if not w.isascii())
    whole = rf"(?<![a-z0-9$@])(?:{latin})(?![a-z0-9])" if latin else ""
    return re.compile("|".join(p for p in (whole, other) if p))


def _named(text: str) -> Iterator[re.Match[str]]:
    """Where a brand's word occurs in a `skeleton`, in order.

    Only words that occur at all become part of the pattern: one of all 700 took a hundred times longer.
    """
    present = _WORDS.within(text)
    return _pattern(present).finditer(text) if present else iter(())


LONGEST_NAME = 500
"""Characters of a name or subject that are searched for a brand."""
LONGEST_HOST = 253
_LONG_WORDS = tuple((w, _BY_WORD[w]) for w in _LATIN if len(w) >= 8 and w.isalpha())
HOST_WORDS = {
    joined: _BY_WORD[word] for word in reversed(_LATIN) if len(joined := re.sub(r"[^a-z0-9]", "", word)) > 2
}
"""Brands by the words that make up host names."""
_PLAIN_WORDS = frozenset(
    re.sub(r"[^a-z0-9]", "", word.lower())
    for brands in lists.table("brands").values()
    for words, _ in brands.values()
    for word in words
    if word.isascii() and not word.startswith("!")
)
CONTAINED = tuple((word, brand) for word, brand in HOST_WORDS.items() if len(word) >= 7)
BY_FIRST = {
    first: tuple((w, b) for w, b in HOST_WORDS.items() if len(w) >= 6 and w[0] == first)
    for first in {word[0] for word in HOST_WORDS}
}


def brand_named(text: str) -> tuple[Brand, str] | None:
    """The first brand that a name or subject mentions, with the text, else None. Mail addresses are not names."""
    bare = skeleton(re.sub(r"(?<![^\s@])[^\s@]++@\S+", " ", text[:LONGEST_NAME]))
    if found := next(_named(bare), None):
        return _BY_WORD[found[0]], text.strip()[:60]
    whole = bare.strip(" \"'[]()【】").removesuffix(".com").removesuffix(".co.jp")
    brand = _BY_WORD.get(whole)
    return (brand, text.strip()[:60]) if brand else None


def brand_called(name: str) -> Brand | None:
    """The brand whose whole name this is, else None."""
    return _BY_WORD.get(skeleton(name[:LONGEST_NAME]).strip())


def brand_misspelt(text: str) -> Brand | None:
    """The brand that a word of a name misspells by one letter ("Microsft"), else None; words of eight letters
    or more."""
    for word in re.findall(r"[a-z]{7,30}", skeleton(text[:LONGEST_NAME])):
        for known, brand in _LONG_WORDS:
            if (
                word != known
                and word[0] == known[0]
                and abs(len(word) - len(known)) <= 1
                and near(word, known)
            ):
                return brand
    return None


def brand_count(text: str, limit: int = 200) -> list[tuple[Brand, int]]:
    """Brands that a text mentions, with counts, most frequent first; at most `limit` mentions are read."""
    counts: dict[str, tuple[Brand, int]] = {}
    for number, found in enumerate(_named(skeleton(text))):
        if number == limit:
            break
        brand = _BY_WORD[found[0]]
        counts[brand.name] = (brand, counts.get(brand.name, (brand, 0))[1] + 1)
    return sorted(counts.values(), key=lambda pair: -pair[1])


ESTABLISHED = frozenset(
    ["com", "net", "org", "jp", "co.jp", "ne.jp", "or.jp", "eu", "de", "fr", "co.uk", "com.br"]
)
"""Where well-known organisations registered their names long ago: "rakuten.net" can only be Rakuten's."""


@lru_cache(maxsize=4096)
def _namesake(host: str) -> Brand | None:
    """The brand whose exact name is the host's organisational domain under one of ESTABLISHED, else None."""
    name, _, suffix = organisational(host).partition(".")
    return HOST_WORDS.get(skeleton(name)) if suffix in ESTABLISHED and name in _PLAIN_WORDS else None


def owner(host: str) -> Brand | None:
    """The brand that a host belongs to, else None."""
    whole = host
    host = host.lower().rstrip(".")
    while host:
        if host in _OWNERS:
            return _OWNERS[host]
        host = host.partition(".")[2]
    return _namesake(whole)


def near(one: str, other: str) -> bool:
    """True when one insertion, deletion, substitution or swap of neighbours makes them equal."""
    if one == other:
        return True
    if len(one) > len(other):
        one, other = other, one
    if len(other) - len(one) > 1:
        return False
    at = next((i for i, c in enumerate(one) if c != other[i]), len(one))
    if len(one) == len(other):
        exchanged = one[:at] + one[at : at + 2][::-1] + one[at + 2 :]
        return one[at + 1 :] == other[at + 1 :] or exchanged == other
    return one[at:] == other[at + 1 :]


_RARE = re.compile(
    r"(?=q[^u]|[jv][bcdfghjklmnpqrstvwxz]|x[bdfghjkmnqrvwxz]|z[bcdfgjkmnpqrstvwx]|[bcdfgklmpvwz]x|[bcdfgpvwx]z|"
    r"[bcdfgkmpqvwxz]j|[bdfgjkpqvxz]w|[bcfgjkmqpvwxz]v|mw|wq|uu|[hy]{2}|f[bdghjkmnpqvw]|g[bcfjkpqvwxz]|p[bdgjkmqvwz])"
)
_RUN = re.compile(r"[bcdfghjklmnpqrstvwxz]+")


_ENDS_IN_A_WORD = re.compile(
    r"([a-z]+?)(?:ware|soft|group|tech|card|bank|care|net|web|home|shop|store|mart|wood|works?|corp|auto|life|land|labs?|media|"
    r"data|systems?|power|energy|pharma|chem|foods?|trans|express|logistics|domain|morgan|chase|online|japan|tokyo|denki|"
    r"kogyo|shoji|sangyo|kensetsu|butsuryu|holdings|mail|news|sports|travel|air|rail)"
)


def is_random(word: str) -> bool:
    """True when a label looks machine-made: letter pairs that no language has, or scattered digits.

    Abbreviations of up to five letters are exempt, also before a word ("bmwgroup"): companies have them, too.
    """
    if "-" in word or "_" in word:
        return any(is_random(piece) for piece in re.split("[-_]", word))
    word = word.lower()
    if len(word) < 5 or not word.isascii():
        return False
    letters = re.sub(r"[^a-z]", "", word).replace("ij", "i")  # one vowel in Dutch names
    if named := _ENDS_IN_A_WORD.fullmatch(word):
        return len(named[1]) > 5 and is_random(named[1])
    rare = len(_RARE.findall(letters))
    run = max(map(len, _RUN.findall(letters)), default=0)
    switches = len(re.findall(r"[a-z](?=\d)|\d(?=[a-z])", word))
    if switches >= 3 or (switches == 2 and rare and len(word) >= 6):
        return True
    if len(letters) < 6:
        return False
    return rare >= 3 or (rare >= 2 and len(letters) <= 10) or (rare >= 1 and run >= 5) or run >= 7
