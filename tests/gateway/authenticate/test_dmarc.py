"""DMARC in tables: records, discovery, alignment (RFC 7489, RFC 9091), over a real name server."""

import pytest

from filters.facts import SignatureResult
from gateway.authenticate import dmarc
from gateway.authenticate.dmarc import Policy, Record, aligned, judge, parse
from gateway.resolver import Dns
from tests.services.dns import SERVFAIL, SILENCE, NameServer, Zone


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("v=DMARC1; p=none", Record("none", "none", "none")),
        ("v=DMARC1; p=quarantine", Record("quarantine", "quarantine", "quarantine")),
        ("v=DMARC1;p=reject", Record("reject", "reject", "reject")),
        ("v = DMARC1 ;\tp = Reject ; ", Record("reject", "reject", "reject")),
        ("v=DMARC1; p=reject; sp=none", Record("reject", "none", "none")),
        ("v=DMARC1; p=none; sp=reject", Record("none", "reject", "reject")),
        ("v=DMARC1; p=none; sp=quarantine; np=reject", Record("none", "quarantine", "reject")),
        ("v=DMARC1; p=reject; np=nonsense", Record("reject", "reject", "reject")),
        ("v=DMARC1; p=reject; adkim=s", Record("reject", "reject", "reject", True)),
        ("v=DMARC1; p=reject; aspf=S; adkim=r", Record("reject", "reject", "reject", False, True)),
        ("v=DMARC1; p=reject; adkim=x", Record("reject", "reject", "reject")),
        ("v=DMARC1; p=reject; pct=100", Record("reject", "reject", "reject")),
        ("v=DMARC1; p=reject; pct=99", Record("quarantine", "quarantine", "quarantine")),
        ("v=DMARC1; p=reject; pct=0", Record("quarantine", "quarantine", "quarantine")),
        ("v=DMARC1; p=quarantine; pct=20; sp=reject", Record("none", "quarantine", "quarantine")),
        ("v=DMARC1; p=reject; pct=many", Record("reject", "reject", "reject")),
        ("v=DMARC1; p=reject; t=y", Record("quarantine", "quarantine", "quarantine")),
        ("v=DMARC1; p=none; t=y", Record("none", "none", "none")),
        ("v=DMARC1; p=reject; psd=y", Record("reject", "reject", "reject", psd="y")),
        ("v=DMARC1; p=reject; psd=n", Record("reject", "reject", "reject", psd="n")),
        ("v=DMARC1; p=reject; psd=maybe", Record("reject", "reject", "reject")),
        ("v=DMARC1; p=reject; fo=1:d:s; rf=afrf; ri=86400; x=y", Record("reject", "reject", "reject")),
        ("v=DMARC1; p=reject; fo=nonsense; garbage", Record("reject", "reject", "reject")),
        ("v=DMARC1; rua=mailto:a@x.example", Record("none", "none", "none")),
        ("v=DMARC1; p=nonsense; rua=mailto:a@x.example", Record("none", "none", "none")),
        ("v=DMARC1; p=reject; sp=nonsense; rua=mailto:a@x.example", Record("none", "none", "none")),
        ("v=DMARC1; p=nonsense", None),
        ("v=DMARC1; p=reject; sp=nonsense", None),
        ("v=DMARC1; p=nonsense; rua=nobody", None),
        ("v=DMARC1", None),
        ("v=DMARC1; p=none; p=reject", None),
        ("v=DMARC10; p=reject", None),
        ("v=dmarc1; p=reject", None),
        ("p=reject; v=DMARC1", None),
        ("v=spf1 -all", None),
        ("", None),
        ("v=DMARC1; p=reject; " + "x=1; " * 2000, None),
    ],
    ids=range(37),
)
def test_records(text: str, expected: Record | None) -> None:
    assert parse(text) == expected


@pytest.mark.parametrize(
    ("author", "other", "relaxed", "strict"),
    [
        ("example.com", "example.com", True, True),
        ("example.com", "EXAMPLE.com.", True, True),
        ("example.com", "news.example.com", True, False),
        ("news.example.com", "example.com", True, False),
        ("a.example.com", "b.example.com", True, False),
        ("a.b.c.example.co.jp", "example.co.jp", True, False),
        ("example.com", "example.net", False, False),
        ("example.com", "badexample.com", False, False),
        ("example.com", "example.com.evil.top", False, False),
        ("a.co.jp", "b.co.jp", False, False),
        ("co.jp", "a.co.jp", False, False),
        ("a.tokyo.jp", "b.tokyo.jp", False, False),
        ("a.github.io", "b.github.io", False, False),
        ("a.example.ck", "www.example.ck", False, False),
        ("例え.jp", "xn--r8jz45g.jp", True, True),
        ("news.例え.jp", "xn--r8jz45g.jp", True, False),
        ("example.com", "", False, False),
        ("", "", False, False),
        ("example.com", "..", False, False),
    ],
)
def test_alignment(author: str, other: str, relaxed: bool, strict: bool) -> None:
    assert aligned(author, other, False) is relaxed
    assert aligned(author, other, True) is strict


def test_a_registrys_and_an_organisations_own_word_on_where_they_end() -> None:
    hoster = (("hoster.example", "y"),)
    assert not aligned("a.hoster.example", "b.hoster.example", False, hoster)
    assert aligned("a.hoster.example", "mail.a.hoster.example", False, hoster)
    assert not aligned("hoster.example", "a.hoster.example", False, hoster)
    own = (("branch.example.com", "n"),)
    assert aligned("x.branch.example.com", "branch.example.com", False, own)
    assert not aligned("branch.example.com", "example.com", False, own)


ZONE: Zone = {
    ("_dmarc.example.com", "TXT"): ["v=DMARC1; p=reject; sp=quarantine; np=reject; adkim=s"],
    ("example.com", "A"): ["192.0.2.1"],
    ("there.example.com", "A"): ["192.0.2.2"],
    ("_dmarc.own.example.com", "TXT"): ["v=DMARC1; p=none; aspf=s"],
    ("_dmarc.two.example", "TXT"): ["v=DMARC1; p=none", "v=DMARC1; p=reject"],
    ("_dmarc.two.example.com", "TXT"): ["v=DMARC1; p=none", "v=DMARC1; p=reject"],
    ("two.example.com", "A"): ["192.0.2.2"],
    ("_dmarc.beside.example", "TXT"): ["unrelated", "v=DMARC1; p=reject", "v=spf1 -all"],
    ("_dmarc.broken.example", "TXT"): SERVFAIL,
    ("_dmarc.silent.example", "TXT"): SILENCE,
    ("_dmarc.fine.broken.example", "TXT"): ["v=DMARC1; p=reject"],
    ("_dmarc.alias.example", "CNAME"): ["_dmarc.example.com."],
    ("_dmarc.co.jp", "TXT"): ["v=DMARC1; p=reject; np=quarantine; psd=y"],
    ("_dmarc.net", "TXT"): ["v=DMARC1; p=reject"],
    ("_dmarc.hoster.org", "TXT"): ["v=DMARC1; p=quarantine; psd=y"],
    ("_dmarc.branch.example.com", "TXT"): ["v=DMARC1; p=reject; psd=n"],
    ("_dmarc.empty.example", "TXT"): [""],
    ("_dmarc.xn--r8jz45g.jp", "TXT"): ["v=DMARC1; p=reject"],
}


@pytest.mark.parametrize(
    ("author", "expected"),
    [
        ("example.com", Policy("found", "reject", True)),
        ("EXAMPLE.com.", Policy("found", "reject", True)),
        ("there.example.com", Policy("found", "quarantine", True)),
        ("nowhere.example.com", Policy("found", "reject", True)),
        ("deep.in.there.example.com", Policy("found", "reject", True)),
        ("own.example.com", Policy("found", "none", False, True)),
        ("two.example", Policy("none")),
        ("two.example.com", Policy("found", "quarantine", True)),
        ("beside.example", Policy("found", "reject")),
        ("broken.example", Policy("temperror")),
        ("silent.example", Policy("temperror")),
        ("x.broken.example", Policy("temperror")),
        ("fine.broken.example", Policy("found", "reject")),
        ("alias.example", Policy("found", "reject", True)),
        ("nobody.example", Policy("none")),
        ("firm.co.jp", Policy("found", "quarantine", marks=(("co.jp", "y"),))),
        ("other.net", Policy("none")),
        ("a.hoster.org", Policy("found", "quarantine", marks=(("hoster.org", "y"),))),
        ("branch.example.com", Policy("found", "reject", marks=(("branch.example.com", "n"),))),
        ("empty.example", Policy("none")),
        ("例え.jp", Policy("found", "reject")),
        ("", Policy("permerror")),
        ("a..b", Policy("permerror")),
        ("x" * 64 + ".example", Policy("none")),
    ],
)
async def test_discovery(author: str, expected: Policy) -> None:
    async with NameServer(ZONE) as server:
        assert await dmarc.discover(author, Dns(("127.0.0.1",), port=server.port, lifetime=0.4)) == expected


RELAXED, STRICT = Policy("found", "reject"), Policy("found", "reject", True, True)


@pytest.mark.parametrize(
    ("policy", "spf", "spf_domain", "signed", "expected"),
    [
        (RELAXED, "pass", "example.com", [], "pass"),
        (RELAXED, "pass", "bounce.example.com", [], "pass"),
        (RELAXED, "pass", "evil.top", [], "fail"),
        (RELAXED, "softfail", "example.com", [], "fail"),
        (RELAXED, "neutral", "example.com", [], "fail"),
        (RELAXED, "none", "", [], "fail"),
        (RELAXED, "permerror", "example.com", [], "fail"),
        (RELAXED, "temperror", "example.com", [], "temperror"),
        (RELAXED, "temperror", "evil.top", [], "fail"),
        (RELAXED, "fail", "example.com", [SignatureResult("pass", "example.com")], "pass"),
        (RELAXED, "fail", "example.com", [SignatureResult("pass", "mail.example.com")], "pass"),
        (RELAXED, "fail", "example.com", [SignatureResult("pass", "evil.top")], "fail"),
        (RELAXED, "fail", "example.com", [SignatureResult("fail", "example.com")], "fail"),
        (RELAXED, "fail", "example.com", [SignatureResult("policy", "example.com")], "fail"),
        (RELAXED, "fail", "example.com", [SignatureResult("neutral", "example.com")], "fail"),
        (RELAXED, "fail", "example.com", [SignatureResult("temperror", "example.com")], "temperror"),
        (RELAXED, "fail", "example.com", [SignatureResult("temperror", "evil.top")], "fail"),
        (RELAXED, "fail", "example.com", [SignatureResult("temperror", "example.com"), SignatureResult("pass", "example.com")], "pass"),
        (RELAXED, "temperror", "example.com", [SignatureResult("pass", "example.com")], "pass"),
        (RELAXED, "temperror", "example.com", [SignatureResult("permerror", "example.com")], "temperror"),
        (STRICT, "pass", "example.com", [], "pass"),
        (STRICT, "pass", "bounce.example.com", [], "fail"),
        (STRICT, "fail", "", [SignatureResult("pass", "mail.example.com")], "fail"),
        (STRICT, "fail", "", [SignatureResult("pass", "example.com")], "pass"),
        (Policy("none"), "fail", "example.com", [], "none"),
        (Policy("temperror"), "pass", "example.com", [], "temperror"),
        (Policy("permerror"), "pass", "example.com", [], "permerror"),
    ],
)  # fmt: skip
def test_judgement(
    policy: Policy, spf: str, spf_domain: str, signed: list[SignatureResult], expected: str
) -> None:
    assert judge("example.com", policy, spf=spf, spf_domain=spf_domain, signed=signed) == expected


def test_the_strictest() -> None:
    assert dmarc.strictest(["none", "reject", "quarantine", ""]) == "reject"
    assert dmarc.strictest([]) == ""
