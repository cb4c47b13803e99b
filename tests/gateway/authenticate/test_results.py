"""SPF, DKIM and DMARC together, against a real name server on loopback."""

import asyncio
import base64

import dkim as dkimpy
import msgspec
import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from hypothesis import given, settings
from hypothesis import strategies as st

from config.settings import AuthenticationSection
from filters.facts import Authentication, Origin, SignatureResult
from gateway.authenticate import results
from gateway.resolver import TEMPORARY, Dns, DnsAnswer
from mail.envelope import Envelope, ForwardPath
from mail.message import Message
from mail.trace import read_results
from tests.gateway.stock import stock
from tests.services.dns import SERVFAIL, SILENCE, NameServer, Patient, Zone

KEY = rsa.generate_private_key(65537, 1024)
PEM = KEY.private_bytes(
    serialization.Encoding.PEM, serialization.PrivateFormat.TraditionalOpenSSL, serialization.NoEncryption()
)
RECORD = (
    "v=DKIM1; p="
    + base64.b64encode(
        KEY.public_key().public_bytes(
            serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo
        )
    ).decode()
)
ZONE: Zone = {
    ("example.co.jp", "TXT"): ["v=spf1 ip4:192.0.2.0/24 -all"],
    ("sel._domainkey.example.co.jp", "TXT"): [RECORD],
    ("sel._domainkey.other.jp", "TXT"): [RECORD],
    ("_dmarc.example.co.jp", "TXT"): ["v=DMARC1; p=reject; sp=quarantine"],
}
PEER = Origin("mx", "192.0.2.1", helo="mail.example.co.jp")
STRANGER = Origin("mx", "198.51.100.7", helo="x.evil.top")


def mail(sender: str = "sato@example.co.jp", domain: str = "") -> bytes:
    raw = f"From: Sato <{sender}>\r\nTo: a@us.example\r\nSubject: s\r\n\r\nbody\r\n".encode()
    if not domain:
        return raw
    with stock():
        return dkimpy.sign(raw, b"sel", domain.encode(), PEM) + raw


async def ask(
    raw: bytes,
    origin: Origin = PEER,
    sender: str = "sato@example.co.jp",
    zone: Zone | None = None,
    trust: AuthenticationSection = results.TRUST_NOBODY,
) -> Authentication:
    async with NameServer(ZONE if zone is None else ZONE | zone) as server:
        envelope = Envelope(sender, (ForwardPath("a@us.example"),))
        dns = Patient(server)
        return await results.authenticate(origin, envelope, Message(raw), dns, budget=120, trust=trust)


async def test_a_true_mail_passes_everything() -> None:
    assert await ask(mail(domain="example.co.jp")) == Authentication(
        spf="pass",
        spf_domain="example.co.jp",
        dkim="pass",
        dkim_domains=("example.co.jp",),
        dmarc="pass",
        dmarc_policy="reject",
        arc="none",
        signatures=(SignatureResult("pass", "example.co.jp", "sel"),),
    )


async def test_the_chain_of_a_forwarder() -> None:
    """What it vouches for is told on; what was changed after it is not."""
    plain = b"Authentication-Results: mx.other.jp; dmarc=pass header.from=example.co.jp\r\n" + mail()
    with stock():
        raw = b"".join([*dkimpy.arc_sign(plain, b"sel", b"other.jp", PEM, b"mx.other.jp"), plain])
    assert (await ask(raw)).arc == "pass"
    assert (await ask(raw.replace(b"body", b"bodies"))).arc == "fail"
    assert (await ask(raw, zone={("sel._domainkey.other.jp", "TXT"): SERVFAIL})).arc == ""
    assert results.results_line(await ask(raw), "gw.us.example").endswith(b";\r\n\tarc=pass\r\n")


async def test_a_forged_mail_fails_with_the_policy_of_its_author() -> None:
    found = await ask(mail(), STRANGER)
    assert (found.spf, found.dkim, found.dmarc, found.dmarc_policy) == ("fail", "none", "fail", "reject")


async def test_one_aligned_method_is_enough() -> None:
    assert (await ask(mail(domain="example.co.jp"), STRANGER)).dmarc == "pass"
    assert (await ask(mail(), PEER)).dmarc == "pass"


async def test_a_signature_of_somebody_else_does_not_align() -> None:
    found = await ask(mail(domain="other.jp"), STRANGER)
    assert (found.dkim, found.dkim_domains, found.dmarc) == ("pass", ("other.jp",), "fail")


async def test_sub_domains_align_unless_strict_and_have_their_own_policy() -> None:
    found = await ask(mail("sato@news.example.co.jp", "example.co.jp"), STRANGER)
    assert (found.dmarc, found.dmarc_policy) == ("pass", "quarantine")
    strict: Zone = {("_dmarc.example.co.jp", "TXT"): ["v=DMARC1; p=reject; adkim=s; aspf=s"]}
    assert (
        await ask(mail("sato@news.example.co.jp", "example.co.jp"), STRANGER, zone=strict)
    ).dmarc == "fail"


@pytest.mark.parametrize(
    ("records", "expected"),
    [
        ([], "none"),
        (["v=DMARC1; p=none", "v=DMARC1; p=reject"], "none"),
        (["v=spf1"], "none"),
        (["v=DMARC1; p=nonsense"], "none"),
    ],
)
async def test_unclear_policies(records: list[str], expected: str) -> None:
    zone: Zone = {("_dmarc.example.co.jp", "TXT"): records or SERVFAIL} if records else {}
    if not records:
        zone = {("_dmarc.example.co.jp", "TXT"): ["unrelated"]}
    assert (await ask(mail(), zone=zone)).dmarc == expected


async def test_a_null_reverse_path_is_checked_by_its_helo() -> None:
    found = await ask(
        mail(),
        PEER,
        "",
        {("mail.example.co.jp", "TXT"): ["v=spf1 a -all"], ("mail.example.co.jp", "A"): ["192.0.2.1"]},
    )
    assert (found.spf, found.spf_domain) == ("pass", "mail.example.co.jp")


@pytest.mark.parametrize("trouble", [SERVFAIL, SILENCE])
async def test_trouble_in_the_dns_is_a_fact_and_never_an_exception(trouble: str) -> None:
    zone: Zone = dict.fromkeys(ZONE, trouble)
    found = await ask(mail(domain="example.co.jp"), zone=zone)
    assert (found.spf, found.dkim, found.dmarc) == ("temperror", "temperror", "temperror")


async def test_doubt_about_one_method_is_no_failure_of_dmarc() -> None:
    assert (await ask(mail(), STRANGER, zone={("example.co.jp", "TXT"): SERVFAIL})).dmarc == "temperror"


class Silent:
    """A resolver that knows nothing, at once."""

    async def look_up(self, name: str, kind: str) -> DnsAnswer:
        return DnsAnswer(TEMPORARY)


async def test_no_dns_and_no_question() -> None:
    envelope = Envelope("sato@example.co.jp")
    found = await results.authenticate(PEER, envelope, Message(mail(domain="example.co.jp")), Silent())
    assert (found.spf, found.dkim, found.dmarc) == ("temperror", "temperror", "temperror")
    assert await results.authenticate(PEER, envelope, Message(mail()), None) == Authentication()


async def test_the_budget_ends_the_wait_and_keeps_what_is_known() -> None:
    zone: Zone = ZONE | {("sel._domainkey.example.co.jp", "TXT"): SILENCE}
    envelope, content = Envelope("sato@example.co.jp"), Message(mail(domain="example.co.jp"))
    async with NameServer(zone) as server:
        dns = Dns(("127.0.0.1",), port=server.port, lifetime=600)
        for budget in (0.5, 5, 60):  # more where the machine is too busy for what is answered
            found = await results.authenticate(PEER, envelope, content, dns, budget=budget)
            if found.spf == found.dmarc == "pass":
                break
    assert (found.spf, found.dkim, found.dmarc) == ("pass", "temperror", "pass")


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        (b"From: a@x.example\r\n", ["x.example"]),
        (b"From: a@X.example, b@x.example.\r\n", ["x.example"]),
        (b"From: a@x.example, b@y.example\r\n", ["x.example", "y.example"]),
        (b"From: a@x.example\r\nFrom: a@y.example\r\n", ["x.example", "y.example"]),
        ("From: a@例え.jp\r\n".encode(), ["xn--r8jz45g.jp"]),
        (b"From: nobody\r\n", []),
        (b"Subject: s\r\n", []),
    ],
)
def test_the_domains_of_the_authors(header: bytes, expected: list[str]) -> None:
    assert results.author_domains(Message(header + b"\r\n")) == expected


STRICTER: Zone = {("_dmarc.bank.jp", "TXT"): ["v=DMARC1; p=quarantine"]}


@pytest.mark.parametrize(
    ("header", "expected", "policy"),
    [
        ("From: sato@example.co.jp", "pass", "reject"),
        ("From: sato@example.co.jp, x@bank.jp", "fail", "quarantine"),
        ("From: x@bank.jp, sato@example.co.jp", "fail", "quarantine"),
        ("From: x@bank.jp\r\nFrom: sato@example.co.jp", "fail", "quarantine"),
        ("From: sato@example.co.jp, x@nothing.jp", "none", ""),
        ("From: sato@example.co.jp\r\nFrom: sato@example.co.jp", "permerror", "reject"),
        ("From: sato@example.co.jp, " + ", ".join(f"a@n{n}.jp" for n in range(9)), "permerror", "reject"),
        ("From: nobody", "permerror", ""),
        ("Sender: sato@example.co.jp", "permerror", ""),
    ],
)
async def test_every_author_must_be_right(header: str, expected: str, policy: str) -> None:
    """A good one beside a forged one makes the forged one no better (RFC 7489 §6.6.1)."""
    found = await ask(f"{header}\r\n\r\nx\r\n".encode(), zone=STRICTER)
    assert (found.dmarc, found.dmarc_policy) == (expected, policy)


async def test_a_strangers_broken_dns_saves_no_forged_mail() -> None:
    """Only what could have shown the author's own domain makes a failure doubtful."""
    zone: Zone = {("evil.top", "TXT"): SERVFAIL, ("sel._domainkey.evil.top", "TXT"): SILENCE}
    found = await ask(mail(domain="evil.top"), STRANGER, "x@evil.top", zone)
    assert (found.spf, found.dkim, found.dmarc) == ("temperror", "temperror", "fail")


@given(
    st.binary(max_size=120),
    st.sampled_from([b"From", b"DKIM-Signature", b"ARC-Seal", b"Received", b"Authentication-Results"]),
)
@settings(max_examples=60, deadline=None)
def test_nothing_raises_for_any_mail(junk: bytes, name: bytes) -> None:
    raw = name + b": " + junk + b"\r\n" + mail(domain="example.co.jp")
    trust = AuthenticationSection(
        trusted_hops=("0.0.0.0/0",), trusted_results=("edge",), trusted_sealers=("a",)
    )
    envelope = Envelope(junk.decode("latin-1") + "@" + junk.decode("latin-1"))
    found = asyncio.run(results.authenticate(PEER, envelope, Message(raw), Silent(), trust=trust))
    line = results.results_line(found, "gw.us.example", junk.decode("latin-1"))
    assert read_results(line.partition(b":")[2])[0] == "gw.us.example"
    assert line.isascii()


async def test_one_slow_key_hides_no_other_signature() -> None:
    with stock():
        raw = dkimpy.sign(mail(), b"slow", b"evil.top", PEM) + mail(domain="example.co.jp")
    found = await ask(raw, STRANGER, zone={("slow._domainkey.evil.top", "TXT"): SILENCE})
    assert [(s.word, s.domain) for s in found.signatures] == [
        ("pass", "example.co.jp"),
        ("temperror", "evil.top"),
    ]
    assert (found.dkim, found.dmarc) == ("pass", "pass")


async def test_of_several_keys_at_one_name_always_the_same_is_taken() -> None:
    zone: Zone = {("sel._domainkey.example.co.jp", "TXT"): ["unrelated", RECORD]}
    assert (await ask(mail(domain="example.co.jp"), zone=zone)).dkim == "pass"


def test_the_field_for_the_next_hop() -> None:
    found = Authentication(
        spf="pass",
        spf_domain="x.example",
        dkim="pass",
        dkim_domains=("x.example", "y.example"),
        dmarc="fail",
        dmarc_policy="none",
    )
    assert results.results_line(found, "gw.us.example", "x.example") == (
        b"Authentication-Results: gw.us.example;\r\n\tspf=pass smtp.mailfrom=x.example;\r\n\tdkim=pass header.d=x.example;\r\n"
        b"\tdkim=pass header.d=y.example;\r\n\tdmarc=fail (p=none) header.from=x.example\r\n"
    )
    found = Authentication(
        spf="pass",
        spf_domain="mx.x.example",
        spf_helo=True,
        signatures=(
            SignatureResult("policy", "x.example", "s1", "only a part of the body is signed"),
            SignatureResult("permerror"),
        ),
        dmarc="fail",
        dmarc_policy="reject",
        forwarder="list.example",
        client="192.0.2.1",
        believed="edge.example",
    )
    assert results.results_line(found, "gw.us.example", "x.example") == (
        b"Authentication-Results: gw.us.example;\r\n\tspf=pass (client 192.0.2.1) smtp.helo=mx.x.example;\r\n"
        b"\tdkim=policy (only a part of the body is signed) header.d=x.example header.s=s1;\r\n\tdkim=permerror;\r\n"
        b"\tdmarc=fail (p=reject, forwarded by list.example, by edge.example) header.from=x.example\r\n"
    )
    assert (
        results.results_line(Authentication(), "gw.us.example")
        == b"Authentication-Results: gw.us.example;\r\n\tnone\r\n"
    )


def test_nothing_a_peer_said_can_end_the_field() -> None:
    for evil in ("x\r\nEvil: 1; spf=pass é", 'x" ; dmarc=pass', "x) (;"):
        found = Authentication(
            spf="none",
            spf_domain=evil,
            signatures=(SignatureResult("pass", evil, evil, evil),),
            forwarder=evil,
            client=evil,
        )
        line = results.results_line(msgspec.structs.replace(found, dmarc="none"), "gw.us.example", evil)
        assert line.count(b"\r\n") == 4
        assert b"Evil:" not in line.replace(b"Evil: 1? spf=pass", b"")
        name, methods = read_results(line.partition(b":")[2])
        assert (name, [r.method for r in methods]) == ("gw.us.example", ["spf", "dkim", "dmarc"])


EDGE = AuthenticationSection(trusted_hops=("203.0.113.0/24",), trusted_results=("edge.provider.example",))
BY_EDGE = Origin("mx", "203.0.113.9", helo="out.provider.example")


def through(peer: str, results: str = "", raw: bytes = b"") -> bytes:
    """The mail as a trusted host hands it on."""
    head = f"Authentication-Results: edge.provider.example; {results}\r\n" if results else ""
    head += f"Received: from mail.example.co.jp (x [{peer}]) by edge.provider.example; Mon, 1 Jan 2029 00:00:00 +0900\r\n"
    return head.encode() + (raw or mail())


async def test_behind_a_trusted_host_spf_is_judged_for_who_handed_it_to_that_host() -> None:
    found = await ask(through("192.0.2.1"), BY_EDGE, trust=EDGE)
    assert (found.spf, found.dmarc, found.client, found.believed) == ("pass", "pass", "192.0.2.1", "")
    found = await ask(through("198.51.100.7"), BY_EDGE, trust=EDGE)
    assert (found.spf, found.dmarc, found.client) == ("fail", "fail", "198.51.100.7")
    found = await ask(through("203.0.113.5"), BY_EDGE, trust=EDGE)
    assert (found.spf, found.dmarc, found.client) == ("", "temperror", ""), (
        "it does not say who: that is no sign"
    )
    assert b"spf=none smtp.mailfrom=example.co.jp;" in results.results_line(found, "gw.us.example")
    found = await ask(through("203.0.113.5"), BY_EDGE, "x@evil.top", trust=EDGE)
    assert found.dmarc == "fail", "of another domain SPF could not have helped"
    found = await ask(through("192.0.2.1"), BY_EDGE)
    assert (found.spf, found.dmarc, found.client) == ("fail", "fail", ""), (
        "nobody is trusted unless it is said"
    )


async def test_what_a_trusted_host_found_is_taken_over() -> None:
    """It had the mail before it changed it; for us the signature does not fit any more."""
    said = "spf=softfail smtp.mailfrom=x@example.co.jp; dkim=pass header.d=example.co.jp; dmarc=pass header.from=example.co.jp"
    changed = mail(domain="example.co.jp").replace(b"body", b"[external] body")
    found = await ask(through("198.51.100.7", said, changed), BY_EDGE, trust=EDGE)
    assert (found.spf, found.dkim, found.dmarc) == ("softfail", "pass", "pass")
    assert (found.believed, found.reserved) == ("edge.provider.example", ())
    own = await ask(through("198.51.100.7", "dkim=pass header.d=example.co.jp", changed), BY_EDGE, trust=EDGE)
    assert (own.spf, own.dkim_domains, own.dmarc) == ("fail", ("example.co.jp",), "pass"), (
        "the rest is our own"
    )
    failed = await ask(through("192.0.2.1", "dmarc=fail header.from=example.co.jp"), BY_EDGE, trust=EDGE)
    assert (failed.dmarc, failed.dmarc_policy) == ("fail", "reject")
    other = await ask(through("198.51.100.7", "dmarc=pass header.from=evil.top"), BY_EDGE, trust=EDGE)
    assert other.dmarc == "fail", "that was said of another author"


async def test_a_stranger_cannot_speak_as_a_trusted_host() -> None:
    forged = through(
        "192.0.2.1", "dmarc=pass header.from=example.co.jp; spf=pass smtp.mailfrom=example.co.jp"
    )
    found = await ask(forged, STRANGER, trust=EDGE)
    assert (found.spf, found.dmarc, found.believed) == ("fail", "fail", "")
    assert found.reserved == ("edge.provider.example",), "and it is to be removed"


async def test_a_trusted_host_is_believed_also_without_a_dns_of_our_own() -> None:
    raw = through("192.0.2.1", "spf=pass smtp.mailfrom=example.co.jp; dmarc=pass header.from=example.co.jp")
    envelope = Envelope("sato@example.co.jp")
    found = await results.authenticate(BY_EDGE, envelope, Message(raw), None, trust=EDGE)
    assert (found.spf, found.dmarc, found.believed) == ("pass", "pass", "edge.provider.example")


LIST = AuthenticationSection(trusted_sealers=("other.jp",))


def by_list(results: str, by: str = "other.jp", sender: str = "sato@example.co.jp") -> bytes:
    """A mail that a list has changed and sealed."""
    plain = f"Authentication-Results: mx.{by}; {results}\r\n".encode() + mail(sender)
    with stock():
        return b"".join([*dkimpy.arc_sign(plain, b"sel", by.encode(), PEM, f"mx.{by}".encode()), plain])


@pytest.mark.parametrize(
    ("results", "expected"),
    [
        ("dmarc=pass header.from=example.co.jp", "other.jp"),
        ("dmarc=pass", "other.jp"),
        ("spf=pass smtp.mailfrom=x@news.example.co.jp", "other.jp"),
        ("dkim=pass header.d=example.co.jp", "other.jp"),
        ("dkim=pass header.i=@example.co.jp", "other.jp"),
        ("dmarc=fail header.from=example.co.jp", ""),
        ("dmarc=none header.from=example.co.jp", ""),
        ("dmarc=fail header.from=example.co.jp; dkim=pass header.d=example.co.jp", ""),
        ("dmarc=pass header.from=evil.top", ""),
        ("dkim=pass header.d=evil.top", ""),
        ("spf=fail smtp.mailfrom=example.co.jp", ""),
        ("none", ""),
    ],
)
async def test_what_a_trusted_forwarder_must_have_found(results: str, expected: str) -> None:
    found = await ask(by_list(results), STRANGER, "bounce@other.jp", trust=LIST)
    assert (found.arc, found.dmarc, found.forwarder) == ("pass", "fail", expected)


async def test_an_untrusted_or_broken_chain_changes_nothing() -> None:
    good = "dmarc=pass header.from=example.co.jp"
    assert (await ask(by_list(good), STRANGER)).forwarder == ""
    evil: Zone = {("sel._domainkey.evil.top", "TXT"): [RECORD]}
    found = await ask(by_list(good, "evil.top"), STRANGER, zone=evil, trust=LIST)
    assert (found.arc, found.forwarder) == ("pass", "")
    found = await ask(by_list(good).replace(b"body", b"bodies"), STRANGER, trust=LIST)
    assert (found.arc, found.forwarder) == ("fail", "")
    found = await ask(by_list(good).replace(b"body", b"bodies"), STRANGER, trust=LIST)
    assert results.results_line(found, "gw").count(b"forwarded") == 0


def test_names_beyond_ascii_are_told_as_the_dns_has_them() -> None:
    """RFC 8616; a field of ours is ASCII."""
    found = Authentication(spf="pass", spf_domain="例え.jp", dmarc="pass")
    line = results.results_line(found, "gw.us.example", "例え.jp")
    assert line.count(b"=xn--r8jz45g.jp") == 2
