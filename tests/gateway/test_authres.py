"""SPF, DKIM and DMARC together, against a real name server on loopback."""

import base64

import dkim as dkimpy
import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

from filters.facts import Authentication, Origin
from gateway import authres
from gateway.resolver import Dns, Silent
from mail.envelope import Envelope, ForwardPath
from mail.message import Message
from tests.gateway.stock import stock
from tests.services.dns import SERVFAIL, SILENCE, NameServer

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
Zone = dict[tuple[str, str], list[str] | str]
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
    raw: bytes, origin: Origin = PEER, sender: str = "sato@example.co.jp", zone: Zone | None = None
) -> Authentication:
    async with NameServer(ZONE if zone is None else ZONE | zone) as server:
        dns = Dns(("127.0.0.1",), port=server.port, lifetime=1)
        envelope = Envelope(sender, (ForwardPath("a@us.example"),))
        return await authres.authenticate(origin, envelope, Message(raw), dns, budget=2)


async def test_a_true_mail_passes_everything() -> None:
    assert await ask(mail(domain="example.co.jp")) == Authentication(
        spf="pass",
        spf_domain="example.co.jp",
        dkim="pass",
        dkim_domains=("example.co.jp",),
        dmarc="pass",
        dmarc_policy="reject",
        arc="none",
    )


async def test_the_chain_of_a_forwarder() -> None:
    """What it vouches for is told on; what was changed after it is not."""
    plain = b"Authentication-Results: mx.other.jp; dmarc=pass header.from=example.co.jp\r\n" + mail()
    with stock():
        raw = b"".join([*dkimpy.arc_sign(plain, b"sel", b"other.jp", PEM, b"mx.other.jp"), plain])
    assert (await ask(raw)).arc == "pass"
    assert (await ask(raw.replace(b"body", b"bodies"))).arc == "fail"
    assert (await ask(raw, zone={("sel._domainkey.other.jp", "TXT"): SERVFAIL})).arc == ""
    assert authres.results_line(await ask(raw), "gw.us.example").endswith(b";\r\n\tarc=pass\r\n")


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
        (["v=DMARC1; p=nonsense"], "pass"),
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


async def test_no_dns_and_no_question() -> None:
    envelope = Envelope("sato@example.co.jp")
    found = await authres.authenticate(PEER, envelope, Message(mail(domain="example.co.jp")), Silent())
    assert (found.spf, found.dkim, found.dmarc) == ("temperror", "temperror", "temperror")
    assert await authres.authenticate(PEER, envelope, Message(mail()), None) == Authentication()


async def test_the_budget_ends_the_wait_and_keeps_what_is_known() -> None:
    zone: Zone = ZONE | {("sel._domainkey.example.co.jp", "TXT"): SILENCE}
    async with NameServer(zone) as server:
        dns = Dns(("127.0.0.1",), port=server.port, lifetime=30)
        envelope = Envelope("sato@example.co.jp")
        found = await authres.authenticate(
            PEER, envelope, Message(mail(domain="example.co.jp")), dns, budget=0.5
        )
    assert (found.spf, found.dkim, found.dmarc) == ("pass", "temperror", "pass")


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        (b"From: a@x.example\r\n", "x.example"),
        (b"From: a@x.example, b@x.example\r\n", "x.example"),
        (b"From: a@x.example, b@y.example\r\n", ""),
        (b"From: a@x.example\r\nFrom: a@x.example\r\n", ""),
        (b"Subject: s\r\n", ""),
    ],
)
def test_the_domain_of_the_author(header: bytes, expected: str) -> None:
    assert authres.author_domain(Message(header + b"\r\n")) == expected


def test_the_field_for_the_next_hop() -> None:
    found = Authentication(
        spf="pass",
        spf_domain="x.example",
        dkim="pass",
        dkim_domains=("x.example", "y.example"),
        dmarc="fail",
        dmarc_policy="none",
    )
    assert authres.results_line(found, "gw.us.example", "x.example") == (
        b"Authentication-Results: gw.us.example;\r\n\tspf=pass smtp.mailfrom=x.example;\r\n\tdkim=pass header.d=x.example;\r\n"
        b"\tdkim=pass header.d=y.example;\r\n\tdmarc=fail (p=none) header.from=x.example\r\n"
    )
    assert (
        authres.results_line(Authentication(), "gw.us.example")
        == b"Authentication-Results: gw.us.example;\r\n\tnone\r\n"
    )


def test_nothing_a_peer_said_can_end_the_field() -> None:
    line = authres.results_line(
        Authentication(spf="none", spf_domain="x\r\nEvil: 1; spf=pass é"), "gw.us.example"
    )
    assert line.count(b"\r\n") == 4
    assert b"Evil:" not in line
