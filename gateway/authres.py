"""Who really sent a mail: SPF, DKIM, DMARC and ARC as facts for the rules (IN-AUTH).

The checks run side by side within one time budget; what is not known by then is "temperror". A mail is never
refused here: rules and policy judge.

Diagnostics: none raised. Without a usable DNS every result is "temperror" or "none".
"""

import asyncio
from collections.abc import Iterable

import msgspec
import structlog

from filters.facts import Authentication, Origin
from filters.hosts import organisational
from gateway import arc, dkim, spf
from gateway.resolver import FOUND, TEMPORARY, Resolver
from mail.address import domain_of, header_addresses
from mail.envelope import Envelope
from mail.message import Message

BUDGET = 3.0
"""Seconds for all checks of one mail together."""

log = structlog.get_logger(__name__)


async def authenticate(
    origin: Origin,
    envelope: Envelope,
    message: Message,
    resolver: Resolver | None,
    *,
    budget: float = BUDGET,
) -> Authentication:
    """The results of our own checks for one inbound mail; nothing is asked and all is "" without a resolver.

    `budget` is in seconds.
    """
    if resolver is None:
        return Authentication()
    spf_domain = envelope.reverse_path.rpartition("@")[2] or origin.helo
    author = author_domain(message)
    found = _Found()

    async def ask_spf() -> None:
        found.spf = await spf.check(origin.peer, spf_domain, envelope.reverse_path, origin.helo, resolver)

    async def ask_dkim() -> None:
        found.signed = await _signatures(message, resolver)

    async def ask_arc() -> None:
        found.arc = await _chain(message, resolver)

    async def ask_dmarc() -> None:
        found.record = await _dmarc_record(author, resolver)

    try:
        async with asyncio.timeout(budget), asyncio.TaskGroup() as group:
            for ask in (ask_spf, ask_dkim, ask_arc, ask_dmarc):
                group.create_task(ask())
    except TimeoutError:
        pass
    except ExceptionGroup as error:
        log.error("authentication-check-failed", kinds=[type(e).__name__ for e in error.exceptions])
    passed = tuple(dict.fromkeys(r.domain for r in found.signed if r.word == "pass"))
    return Authentication(
        spf=found.spf,
        spf_domain=spf_domain,
        dkim=_best(found.signed),
        dkim_domains=passed,
        dmarc=_dmarc(author, found, spf_domain, passed),
        dmarc_policy=found.record.policy,
        arc=found.arc,
    )


class _Record(msgspec.Struct, frozen=True):
    """The DMARC policy of an author's domain; `status` is "found", "none", "temperror" or "permerror"."""

    status: str
    policy: str = ""
    strict_dkim: bool = False
    strict_spf: bool = False


class _Found(msgspec.Struct):
    """What the checks have found so far; what they have not, nobody could say in time."""

    spf: str = "temperror"
    signed: list[dkim.Result] = msgspec.field(default_factory=lambda: [dkim.Result("temperror")])
    arc: str = ""
    record: _Record = _Record("temperror")


def author_domain(message: Message) -> str:
    """The domain of the author, "" unless From names exactly one (RFC 7489 §6.6.1)."""
    fields = message.all("from")
    domains = {domain_of(m.address) for f in fields for m in header_addresses(f.value)}
    return domains.pop() if len(fields) == 1 and len(domains) == 1 else ""


def author_of(message: Message) -> str:
    """The address of the first author, "" when From names none."""
    field = message.first("from")
    boxes = header_addresses(field.value) if field else []
    return next((b.address for b in boxes if "@" in b.address), "")


async def _signatures(message: Message, resolver: Resolver) -> list[dkim.Result]:
    found = dkim.signatures(message)
    if not found:
        return []
    keys = await _keys([s.key_name for s in found], resolver)
    return await asyncio.to_thread(dkim.verify, message, found, keys)


async def _chain(message: Message, resolver: Resolver) -> str:
    found = arc.chain(message)
    keys = await _keys(found.key_names, resolver)
    return found.word or await asyncio.to_thread(arc.verify, message, found, keys)


async def _keys(names: Iterable[str], resolver: Resolver) -> dict[str, str | None]:
    """The published keys by name: "" where there is none, None where the DNS did not answer."""
    asked = list(dict.fromkeys(names))
    answers = await asyncio.gather(*(resolver.look_up(n, "TXT") for n in asked))
    return {
        name: None if answer.status == TEMPORARY else (answer.texts or [""])[0]
        for name, answer in zip(asked, answers, strict=True)
    }


_ORDER = ("pass", "fail", "temperror", "permerror", "neutral", "policy")


def _best(results: list[dkim.Result]) -> str:
    """One word for all signatures: one that verifies is enough."""
    words = {r.word for r in results}
    return next((w for w in _ORDER if w in words), "none")


async def _dmarc_record(domain: str, resolver: Resolver) -> _Record:
    """Discovery (RFC 7489 §6.6.3): the domain itself, then its organisational domain."""
    if not domain:
        return _Record("permerror")
    for place in dict.fromkeys((domain, organisational(domain))):
        answer = await resolver.look_up(f"_dmarc.{place}", "TXT")
        if answer.status == TEMPORARY:
            return _Record("temperror")
        if answer.status != FOUND:
            continue
        records = [t for t in answer.texts if t.replace(" ", "").startswith("v=DMARC1")]
        if len(records) != 1:
            continue
        tag = _tags(records[0])
        policy = tag.get("p", "").lower()
        if place != domain:
            policy = tag.get("sp", policy).lower()
        if policy not in ("none", "quarantine", "reject"):
            policy = "none"
        return _Record("found", policy, tag.get("adkim") == "s", tag.get("aspf") == "s")
    return _Record("none")


def _tags(record: str) -> dict[str, str]:
    """A DMARC record's tags; what is no tag is passed over (RFC 7489 §6.3)."""
    pairs = (item.partition("=") for item in record.split(";"))
    return {name.strip(): value.strip() for name, equals, value in pairs if equals}


def _dmarc(author: str, found: _Found, spf_domain: str, signers: tuple[str, ...]) -> str:
    record = found.record
    if record.status != "found":
        return record.status
    if found.spf == "pass" and _aligned(author, spf_domain, record.strict_spf):
        return "pass"
    if any(_aligned(author, d, record.strict_dkim) for d in signers):
        return "pass"
    # A check that could not be made may be the one that would have passed (§6.6.2).
    if found.spf == "temperror" or any(r.word == "temperror" for r in found.signed):
        return "temperror"
    return "fail"


def _aligned(author: str, other: str, strict: bool) -> bool:
    other = other.lower().rstrip(".")
    return author == other if strict else organisational(author) == organisational(other)


def results_line(found: Authentication, authserv_id: str, author: str = "") -> bytes:
    """The Authentication-Results field (RFC 8601) with CRLF; "none" when nothing was checked.

    `author` is the domain of From.
    """
    methods = []
    if found != Authentication():
        methods.append(f"spf={found.spf or 'none'}" + _property("smtp.mailfrom", found.spf_domain))
        methods += ["dkim=pass" + _property("header.d", d) for d in found.dkim_domains]
        if not found.dkim_domains:
            methods.append(f"dkim={found.dkim or 'none'}")
        policy = f" (p={found.dmarc_policy})" if found.dmarc_policy else ""
        methods.append(f"dmarc={found.dmarc or 'none'}{policy}" + _property("header.from", author))
        if found.arc not in ("", "none"):
            methods.append(f"arc={found.arc}")
    line = ";\r\n\t".join([_plain(authserv_id), *(methods or ["none"])])
    return f"Authentication-Results: {line}\r\n".encode("ascii")


def _property(name: str, value: str) -> str:
    return f" {name}={_plain(value)}" if value else ""


def _plain(value: str) -> str:
    """A host name as a peer gave it, reduced to what cannot end the token or the line."""
    return "".join(c if c.isascii() and (c.isalnum() or c in "-._") else "?" for c in value)[:255]
