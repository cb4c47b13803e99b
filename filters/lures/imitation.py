"""Hosts that imitate the name of an organisation without being its own (IN-LOOKALIKE)."""

import re
from functools import lru_cache

import msgspec

from config import lists
from filters.lures.hosts import (
    BY_FIRST,
    CONTAINED,
    HOST_WORDS,
    LONGEST_HOST,
    below,
    is_freemail,
    label,
    near,
    organisational,
    owner,
    readable,
    skeleton,
)

RARE = 6
"""Letters from which on a name of ours in another's host is no accident: there are many `aoba` and `fuji`."""
_COMMON = frozenset(
    reading
    for name in ("surname_readings", "given_readings")
    for line in lists.entries(name)
    for reading in line.split()[1:]
)
_LURES = frozenset(word.lstrip("!+") for word in lists.entries("lure_words") if word[0] != "~")
_HOUSE = frozenset(
    [
        "hr",
        "jinji",
        "kyuyo",
        "somu",
        "payroll",
        "personnel",
        "people",
        "benefits",
        "employee",
        "employees",
        "staff",
        "it",
        "ict",
        "helpdesk",
        "help",
        "desk",
        "support",
        "security",
        "mail",
        "email",
        "webmail",
        "mailbox",
        "intranet",
        "portal",
        "sso",
        "login",
        "vpn",
        "admin",
        "system",
        "systems",
        "soc",
        "account",
        "accounts",
        "accounting",
        "finance",
        "invoice",
        "invoices",
        "keiri",
        "docs",
        "files",
        "share",
    ]
)
"""What a house calls its own offices and machines: corp-security-desk.com."""
JOINED = 9
"""Letters from which on a domain of ours without its dots is recognised at the beginning of a label."""
_ENDINGS = frozenset(["com", "net", "org", "co", "ne", "or", "jp", "uk", "www"])
"""Parts by which a host pretends to be another host: amazon-co-jp.top."""
SHORTEST = 5
"""Letters of a name that is recognised inside another."""
_BETWEEN = re.compile(r"[-_]")
_STANDS_IN = re.compile(r"[0135$|]|rn|vv")


class Imitated(msgspec.Struct, frozen=True):
    """Whose name it is; how it is imitated; the word of the host that does so; whether words beside it make a lure of it.

    `how` is "contains" (the name is part of the host), "looks like" (look-alike characters) or "typing error" (one letter off).
    """

    name: str
    how: str
    word: str
    lured: bool = False


@lru_cache(maxsize=4096)
def imitated(host: str, own: tuple[str, ...] = ()) -> Imitated | None:
    """How a host imitates a brand or one of the domains in `own`, else None. It must not belong to the one it imitates; a
    name is the same as its A-label (RFC 5890)."""
    host = readable(host.lower().rstrip("."))[:LONGEST_HOST]
    if below(host, tuple(map(readable, own))) or owner(host) or is_freemail(host):
        return None
    named = _chosen(host)
    words = [word for part in named for word in dict.fromkeys((part, *_BETWEEN.split(part)))]
    for domain in own:
        if found := _of_ours(words, domain):
            return _weighed(found, words)
        if found := _joined(host, named, domain):
            return found
    for word in words:
        bare = skeleton(word)
        if bare in HOST_WORDS:
            plain = word.isascii() and not _STANDS_IN.search(word)
            return _weighed(
                Imitated(HOST_WORDS[bare].name, "contains" if plain else "looks like", word), words
            )
    bare = skeleton(named[-1])
    if len(bare) >= 6:
        for known, brand in BY_FIRST.get(bare[0], ()):
            if abs(len(known) - len(bare)) <= 1 and near(known, bare):
                return Imitated(brand.name, "typing error", named[-1])
        for known, brand in CONTAINED:
            if known in bare:
                return _weighed(Imitated(brand.name, "contains", named[-1]), [*words, *bare.split(known)])
    return None


def _weighed(found: Imitated, words: list[str]) -> Imitated:
    beside = [word for word in words if word != found.word]
    lured = any(word in _LURES or skeleton(word) in _LURES or word in _ENDINGS for word in beside)
    return Imitated(found.name, found.how, found.word, lured)


def _chosen(host: str) -> list[str]:
    """The labels that its owner chose."""
    suffix = len(organisational(host).split(".")) - 1
    labels = host.split(".")
    return labels[:-suffix] if suffix and len(labels) > suffix else labels


def _joined(host: str, named: list[str], domain: str) -> Imitated | None:
    """How a host bears the whole of a domain of ours, its dots left out or as hyphens (corp-example.jp.net of corp.example,
    corpcojp-mail.com of corp.co.jp), or a short label of ours beside nothing but words of a house's own offices."""
    own = readable(domain)
    first, _, ending = own.partition(".")
    if not ending or len(first) + 2 * ending.count(".") < 3:
        return None  # "us-net" is no imitation of us.net
    for word in named:
        plain = f"-{word.replace('_', '-')}-"
        for form in (own.replace(".", "-"), own.replace(".", "")):
            # without hyphens the name begins the label, and is long enough to be no accident
            if f"-{form}-" in plain or (len(form) >= JOINED and plain.startswith(f"-{form}")):
                return Imitated(domain, "contains", word, True)
    if f".{own}." in f".{host}.":  # corp.example.login-page.test
        return Imitated(domain, "contains", own, True)
    parts = _BETWEEN.split(named[-1])
    rest = [part for part in parts if part != first]
    if first in parts and rest and len(first) >= 3 and all(part in _HOUSE for part in rest):
        return Imitated(domain, "contains", named[-1], len(rest) >= 2)
    return None


def _of_ours(words: list[str], domain: str) -> Imitated | None:
    """How one of the words imitates a label of ours."""
    own = label(readable(domain))
    wanted = skeleton(own)
    if len(wanted) < 4:
        return None
    for word in words:
        bare = skeleton(word)
        if bare == wanted:
            if word != own:
                return Imitated(domain, "looks like", word)
            if len(own) >= RARE and own not in _COMMON:
                return Imitated(domain, "contains", word)
        elif len(wanted) >= RARE and abs(len(bare) - len(wanted)) <= 1 and near(bare, wanted):
            return Imitated(domain, "typing error", word)
    return None


def bears_name(host: str, domain: str) -> bool:
    """True when a host is called by the author's name and a word of lures: "docs-marufuku" of "marufuku-unyu"."""
    whole = label(domain)
    names = [p for p in re.split(r"[-_]", whole) if p not in _LURES]
    shown = label(host)
    for name in dict.fromkeys((whole, whole.replace("-", ""), *names)):
        if len(name) >= SHORTEST and name in shown:
            rest = [part for part in re.split(r"[-_\d]+", shown.replace(name, "-", 1)) if part]
            if rest and all(part in _LURES for part in rest):
                return True
    return False
