"""Who really sent a mail: SPF, DKIM, DMARC and ARC as facts for the rules (IN-AUTH).

The checks run side by side within one time budget; what is not known by then is "temperror". A mail is never
refused here: rules and policy judge.

Diagnostics: none raised. Without a usable DNS every result is "temperror" or "none".
"""

import asyncio
from collections.abc import Iterable

import msgspec
import structlog

from config.log_events import LogEvent
from config.settings import AuthenticationSection
from filters.facts import Authentication, Origin, SignatureResult
from gateway.authenticate import arc, dkim, dmarc, spf, trusted_hops
from gateway.authenticate.arc import Chain
from gateway.authenticate.dmarc import DmarcPolicy
from gateway.authenticate.trusted_hops import Came
from gateway.resolver import TEMPORARY, Resolver, Timed
from mail import trace
from mail.address import domain_of
from mail.envelope import Envelope
from mail.message import Message
from mail.trace import MethodResult

BUDGET = 3.0
"""Seconds for all questions about one mail together."""
CHECKING = 20.0
"""Seconds after which even the arithmetic is given up: it is bounded, but a busy machine is slow."""

MOST_AUTHORS = 4
"""Domains in From that are looked at; mail of more is nobody's."""

TRUST_NOBODY = AuthenticationSection()

log = structlog.get_logger()


async def authenticate(
    origin: Origin,
    envelope: Envelope,
    message: Message,
    resolver: Resolver | None,
    *,
    budget: float = BUDGET,
    trust: AuthenticationSection = TRUST_NOBODY,
) -> Authentication:
    """The results of our own checks for one inbound mail, and of those whom we trust; nothing is asked, and only what
    trusted hosts found is told, without a resolver.

    `budget` is in seconds: how long the DNS may take.
    """
    came = trusted_hops.by_hops(origin, message, trust)
    reserved = tuple(
        name.lower() for name in trust.trusted_results if name.lower().rstrip(".") != came.believed
    )
    found = _Found(came, envelope.reverse_path.rpartition("@")[2] or came.helo)
    if resolver is not None:
        await _check(found, envelope, message, Timed(resolver, budget), budget + CHECKING)
    elif came.believed:
        found.spf = ""
    else:
        return Authentication(reserved=reserved)
    _believe(found)
    authors = author_domains(message)
    words = {d: _judged(d, found, alone=len(authors) == 1) for d in authors}
    word = _worst(words, whole=len(message.all("from")) == 1 and len(authors) <= MOST_AUTHORS)
    return Authentication(
        spf=found.spf,
        spf_domain=found.spf_domain,
        spf_helo=not envelope.reverse_path and not came.results.get("spf"),
        dkim=_best(found.signed),
        dkim_domains=tuple(dict.fromkeys(r.domain for r in found.signed if r.word == "pass")),
        signatures=tuple(found.signed),
        dmarc=word,
        dmarc_policy=dmarc.strictest(
            policy.asked
            for d, policy in found.policies.items()
            if words.get(d) == word or word == "permerror"
        ),
        arc=found.arc,
        client=came.peer if came.inside else "",
        believed=came.believed,
        forwarder=_forwarder(message, found, authors, trust),
        reserved=reserved,
    )


class _Found(msgspec.Struct):
    """What the checks have found so far; what they have not, nobody could say in time."""

    came: Came
    spf_domain: str
    spf: str = "temperror"
    signed: list[SignatureResult] = []
    chain: Chain = Chain()
    arc: str = ""
    policies: dict[str, DmarcPolicy] = {}


async def _check(
    found: _Found, envelope: Envelope, message: Message, resolver: Resolver, seconds: float
) -> None:
    """Our own checks, side by side; each that fails to end leaves what was there before."""
    authors = author_domains(message)[:MOST_AUTHORS]
    signatures = dkim.signatures(message, authors[0] if authors else "")
    found.signed = [SignatureResult("temperror", s.domain, selector=s.tags.get("s", "")) for s in signatures]
    found.policies = dict.fromkeys(authors, DmarcPolicy("temperror"))

    async def ask_spf() -> None:
        came, sender = found.came, envelope.reverse_path
        if came.inside and not came.peer:
            found.spf = ""  # the hosts in front of us do not say who came to them: nothing to judge
        else:
            found.spf = await spf.check(came.peer, found.spf_domain, sender, came.helo, resolver)

    async def ask_dkim() -> None:
        if signatures:
            keys = await _keys([s.key_name for s in signatures], resolver)
            found.signed = await asyncio.to_thread(dkim.verify, message, signatures, keys)

    async def ask_arc() -> None:
        found.chain = arc.chain(message)
        keys = await _keys(found.chain.key_names, resolver)
        found.arc = found.chain.word or await asyncio.to_thread(arc.verify, message, found.chain, keys)

    async def ask_dmarc() -> None:
        policies = await asyncio.gather(*(dmarc.discover(author, resolver) for author in authors))
        found.policies = dict(zip(authors, policies, strict=True))

    try:
        async with asyncio.timeout(seconds), asyncio.TaskGroup() as group:
            for ask in (ask_spf, ask_dkim, ask_arc, ask_dmarc):
                group.create_task(ask())
    except TimeoutError:
        log.warning(LogEvent.AUTHENTICATION_TOO_SLOW)
    except ExceptionGroup as error:
        log.error(LogEvent.AUTHENTICATION_FAILED, kinds=[type(e).__name__ for e in error.exceptions])


async def _keys(names: Iterable[str], resolver: Resolver) -> dict[str, str | None]:
    """The published keys by name: "" where there is none, None where the DNS did not answer."""
    asked = list(dict.fromkeys(names))
    answers = await asyncio.gather(*(resolver.look_up(n, "TXT") for n in asked))
    return {
        name: None if answer.status == TEMPORARY else _key(answer.texts)
        for name, answer in zip(asked, answers, strict=True)
    }


def _key(texts: list[str]) -> str:
    """The record of a name that is a key; of several always the same one (RFC 6376 §3.6.2.2: there must not be)."""
    return min((t for t in texts if "p=" in t), default="".join(texts[:1]))


def _believe(found: _Found) -> None:
    """Take over what a trusted host found: it had the mail before anybody of us changed it."""
    results = found.came.results
    for result in results.get("spf", ())[:1]:
        found.spf = result.result
        who = result.properties.get("smtp.mailfrom") or result.properties.get("smtp.helo", "")
        found.spf_domain = who.rpartition("@")[2].lower()
    passed = {r.domain for r in found.signed if r.word == "pass"}
    for result in results.get("dkim", ())[: dkim.MOST]:
        domain = _signer(result)
        if result.result == "pass" and domain and domain not in passed:
            found.signed = [
                *(r for r in found.signed if r.domain != domain),
                SignatureResult(
                    "pass", domain, result.properties.get("header.s", ""), f"said by {found.came.believed}"
                ),
            ]


def _signer(result: MethodResult) -> str:
    domain = result.properties.get("header.d") or result.properties.get("header.i", "").rpartition("@")[2]
    return domain.lower().rstrip(".")


def _judged(author: str, found: _Found, *, alone: bool) -> str:
    """DMARC for one author's domain: a trusted host's word on this domain, else our own."""
    for result in found.came.results.get("dmarc", ()):
        if dmarc.ascii_form(result.properties.get("header.from", author if alone else "")) == author:
            return result.result
    policy = found.policies.get(author, DmarcPolicy("none"))
    # SPF that was not judged might have passed.
    spf_word = found.spf or "temperror"
    return dmarc.judge(author, policy, spf=spf_word, spf_domain=found.spf_domain, signed=found.signed)


def _worst(words: dict[str, str], *, whole: bool) -> str:
    """One word for all domains of the authors: every one of them must be right (RFC 7489 §6.6.1). A mail whose author
    nobody can name (`whole` is False) is never right."""
    order = ("fail", "permerror", "temperror", "none", "pass")
    word = next((w for w in order if w in words.values()), "permerror")
    return word if whole or word == "fail" else "permerror"


_ORDER = ("pass", "policy", "fail", "temperror", "neutral", "permerror")


def _best(results: list[SignatureResult]) -> str:
    """One word for all signatures: one that verifies is enough."""
    words = {r.word for r in results}
    return next((w for w in _ORDER if w in words), "none")


def _forwarder(message: Message, found: _Found, authors: list[str], trust: AuthenticationSection) -> str:
    """The trusted sealer that vouches for the author, "" when none does (RFC 8617 §7.2)."""
    if found.arc != "pass" or not trust.trusted_sealers or len(authors) != 1:
        return ""
    link = arc.trusted(message, found.chain, trust.trusted_sealers)
    if link is None:
        return ""
    _, results = trace.read_results(link.results)
    said = [r for r in results if r.method == "dmarc"]
    if said:
        right = all(
            r.result == "pass" and dmarc.ascii_form(r.properties.get("header.from", authors[0])) == authors[0]
            for r in said
        )
    else:
        right = any(
            r.result == "pass" and dmarc.aligned(authors[0], _speaker(r), False)
            for r in results
            if r.method in ("spf", "dkim")
        )
    return link.sealer if right else ""


def _speaker(result: MethodResult) -> str:
    """The domain for which an SPF or DKIM result speaks."""
    if result.method == "dkim":
        return _signer(result)
    return (result.properties.get("smtp.mailfrom") or result.properties.get("smtp.mfrom", "")).rpartition(
        "@"
    )[2]


def author_domains(message: Message) -> list[str]:
    """The domains that From names, of all its fields: each must be right (RFC 7489 §6.6.1)."""
    domains = [dmarc.ascii_form(domain_of(author.address)) for author in message.authors()]
    return list(dict.fromkeys(d for d in domains if d))


def results_line(found: Authentication, authserv_id: str, author: str = "") -> bytes:
    """The Authentication-Results field (RFC 8601) with CRLF; "none" when nothing was checked.

    `author` is the domain of From.
    """
    return trace.authentication_results(
        _plain(authserv_id), _told(found, author) if found.spf or found.dmarc else []
    )


def _told(found: Authentication, author: str) -> Iterable[MethodResult]:
    identity = "smtp.helo" if found.spf_helo else "smtp.mailfrom"
    client = f"client {found.client}" if found.client else ""
    yield MethodResult("spf", found.spf or "none", {identity: _plain(found.spf_domain)}, comment=client)
    for one in found.signatures:
        properties = {"header.d": _plain(one.domain), "header.s": _plain(one.selector)}
        yield MethodResult("dkim", one.word, properties, comment=one.reason)
    if not found.signatures:
        for domain in found.dkim_domains:
            yield MethodResult("dkim", "pass", {"header.d": _plain(domain)})
        if not found.dkim_domains:
            yield MethodResult("dkim", found.dkim or "none")
    notes = [f"p={found.dmarc_policy}"] * bool(found.dmarc_policy)
    notes += [f"forwarded by {found.forwarder}"] * bool(found.forwarder)
    notes += [f"by {found.believed}"] * bool(found.believed)
    yield MethodResult(
        "dmarc", found.dmarc or "none", {"header.from": _plain(author)}, comment=", ".join(notes)
    )
    if found.arc not in ("", "none"):
        yield MethodResult("arc", found.arc)


def _plain(value: str) -> str:
    """A host name as a peer gave it, in A-labels, reduced to what cannot end the token or the line."""
    value = value if value.isascii() else dmarc.ascii_form(value) or value
    return "".join(c if c.isascii() and (c.isalnum() or c in "-._") else "?" for c in value)[:255]
