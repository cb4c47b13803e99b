"""DMARC (RFC 7489; psd=, np= and t= of RFC 9091 and of the revised standard): what an author's domain asks for mail that
SPF and DKIM do not show to be its own.

    policy = await discover("news.example.jp", resolver)
    judge("news.example.jp", policy, spf="pass", spf_domain="example.jp", signed=[…])      "pass"

The organisational domain is that of the public suffix list (filters.lures.hosts), unless a record says with psd= where it is.

Diagnostics: none raised. "temperror" where the DNS did not say what the result hangs on.
"""

import asyncio
import re
from collections.abc import Iterable

import idna
import msgspec

from filters.facts import SignatureResult
from filters.lures.hosts import organisational
from gateway.resolver import FOUND, TEMPORARY, Resolver

POLICIES = ("none", "quarantine", "reject")
"""What a domain can ask for, mildest first."""

LONGEST = 2048
"""Characters of a record that is read."""

_VERSION = re.compile(r"\s*v\s*=\s*DMARC1\s*(?:;|$)")
_REPORTS = re.compile(r"[a-z][a-z0-9+.-]*:\S+", re.IGNORECASE)


class DmarcRecord(msgspec.Struct, frozen=True):
    """One DMARC record (RFC 7489 §6.3). `policy`, `below` (sp=) and `absent` (np=) are "none", "quarantine" or "reject",
    in a test (t=y, pct= below 100) one step milder; `psd` is "y", "n" or "u"."""

    policy: str
    below: str
    absent: str
    strict_dkim: bool = False
    strict_spf: bool = False
    psd: str = "u"


class DmarcPolicy(msgspec.Struct, frozen=True):
    """What holds for mail of one author's domain.

    status        "found", "none", "temperror" or "permerror"
    asked         what the domain asks for mail that fails
    marks         domains that say psd=: they are public suffixes ("y") or organisational domains ("n")
    """

    status: str
    asked: str = ""
    strict_dkim: bool = False
    strict_spf: bool = False
    marks: tuple[tuple[str, str], ...] = ()


def parse(text: str) -> DmarcRecord | None:
    """The record in a TXT record; None for what is none, or says nothing that could be followed (§6.6.3)."""
    if not _VERSION.match(text) or len(text) > LONGEST:
        return None
    tag: dict[str, str] = {}
    for item in text.split(";"):
        name, equals, value = (part.strip() for part in item.partition("="))
        if not equals:
            continue  # what is not a tag is ignored (§6.3)
        if name.lower() in tag:
            return None
        tag[name.lower()] = value.lower()
    policy = tag.get("p", "")
    if policy not in POLICIES or tag.get("sp", policy) not in POLICIES:
        if not _REPORTS.match(tag.get("rua", "")):
            return None
        tag, policy = {**tag, "sp": "none"}, "none"
    below = tag.get("sp", policy)
    absent = tag.get("np", below)
    share = tag.get("pct", "")
    testing = tag.get("t") == "y" or (share.isdecimal() and int(share[:9]) < 100)
    return DmarcRecord(
        _milder(policy, testing),
        _milder(below, testing),
        _milder(absent if absent in POLICIES else below, testing),
        tag.get("adkim") == "s",
        tag.get("aspf") == "s",
        tag["psd"] if tag.get("psd") in ("y", "n") else "u",
    )


def _milder(policy: str, testing: bool) -> str:
    return POLICIES[max(0, POLICIES.index(policy) - testing)]


async def discover(domain: str, resolver: Resolver) -> DmarcPolicy:
    """The policy for an author's domain: its own, else that of its organisation, else that of its registry when the
    registry says that it is one (§6.6.3, RFC 9091 §3)."""
    domain = ascii_form(domain)
    if not domain:
        return DmarcPolicy("permerror")
    organisation = organisational(domain)
    registry = organisation.partition(".")[2]
    places = list(dict.fromkeys((domain, organisation)))
    found = dict(zip(places, await asyncio.gather(*(_record(p, resolver) for p in places)), strict=True))
    if registry and not any(found.values()):
        found[registry] = await _record(registry, resolver)
    marks = tuple((place, r.psd) for place, r in found.items() if isinstance(r, DmarcRecord) and r.psd != "u")
    for place, record in found.items():
        if record == TEMPORARY:
            return DmarcPolicy("temperror", marks=marks)
        if not isinstance(record, DmarcRecord) or (place == registry and record.psd != "y"):
            continue  # above the organisation only a registry that says that it is one may speak
        asked = record.policy
        if place != domain:
            asked = record.below
            if record.absent != record.below and not (await resolver.look_up(domain, "A")).exists:
                asked = record.absent
        return DmarcPolicy("found", asked, record.strict_dkim, record.strict_spf, marks)
    return DmarcPolicy("none", marks=marks)


async def _record(place: str, resolver: Resolver) -> DmarcRecord | str | None:
    """The record at a place, None where there is none or more than one, TEMPORARY where nobody could say."""
    answer = await resolver.look_up(f"_dmarc.{place}", "TXT")
    if answer.status != FOUND:
        return TEMPORARY if answer.status == TEMPORARY else None
    texts = [t for t in answer.texts if _VERSION.match(t)]
    return parse(texts[0]) if len(texts) == 1 else None


def judge(
    author: str, policy: DmarcPolicy, *, spf: str, spf_domain: str, signed: Iterable[SignatureResult]
) -> str:
    """The result word for mail of the domain `author` (RFC 7489 §11.2): "pass", "fail", "none", "temperror" or
    "permerror".

    `spf` is the result for `spf_domain`, `signed` the results of the signatures. Only what is aligned counts, also when
    it could not be checked: a stranger's broken name server saves no forged mail.
    """
    if policy.status != "found":
        return policy.status
    results = [r.word for r in signed if aligned(author, r.domain, policy.strict_dkim, policy.marks)]
    if aligned(author, spf_domain, policy.strict_spf, policy.marks):
        results.append(spf)
    return next((word for word in ("pass", "temperror") if word in results), "fail")


def aligned(author: str, other: str, strict: bool, marks: Iterable[tuple[str, str]] = ()) -> bool:
    """True when the domain `other` may speak for the author's (§3.1)."""
    author, other = ascii_form(author), ascii_form(other)
    if not author or not other:
        return False
    return author == other or (not strict and _organisation(author, marks) == _organisation(other, marks))


def _organisation(domain: str, marks: Iterable[tuple[str, str]]) -> str:
    """The organisational domain (§3.2), where psd= does not say otherwise."""
    for place, kind in marks:
        if kind == "n" and (domain == place or domain.endswith("." + place)):
            return place
        if kind == "y" and domain.endswith("." + place):
            return f"{domain.removesuffix('.' + place).rpartition('.')[2]}.{place}"
    return organisational(domain)


def ascii_form(domain: str) -> str:
    """The domain as it stands in the DNS (A-labels, lower case, no last dot), "" for what cannot be one."""
    domain = domain.strip().rstrip(".").lower()
    if not domain.isascii():
        try:
            domain = idna.encode(domain, uts46=True).decode("ascii")
        except (idna.IDNAError, UnicodeError):
            return ""
    return domain if 0 < len(domain) <= 253 and ".." not in domain and not domain.startswith(".") else ""


def strictest(policies: Iterable[str]) -> str:
    """The strictest of several policies, "" without any."""
    return max((p for p in policies if p in POLICIES), key=POLICIES.index, default="")
