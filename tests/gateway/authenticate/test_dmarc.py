"""DMARC in tables: records, discovery, alignment (RFC 7489, RFC 9091), over a real name server."""

import pytest

from filters.facts import SignatureResult
from gateway.authenticate import dmarc
from gateway.authenticate.dmarc import DmarcPolicy, DmarcRecord, aligned, judge, parse
from tests.services.dns import SERVFAIL, SILENCE, NameServer, Patient, Zone


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("v=DMARC1; p=none", DmarcRecord("none", "none", "none")),
        ("v=DMARC1; p=quarantine", DmarcRecord("quarantine", "quarantine", "quarantine")),
        ("v=DMARC1;p=reject", DmarcRecord("reject", "reject", "reject")),
        ("v = DMARC1 ;\tp = Reject ; ", DmarcRecord("reject", "reject", "reject")),
        ("v=DMARC1; p=reject; sp=none", DmarcRecord("reject", "none", "none")),
        ("v=DMARC1; p=none; sp=reject", DmarcRecord("none", "reject", "reject")),
        ("v=DMARC1; p=none; sp=quarantine; np=reject", DmarcRecord("none", "quarantine", "reject")),
        ("v=DMARC1; p=reject; np=nonsense", DmarcRecord("reject", "reject", "reject")),
        ("v=DMARC1; p=reject; adkim=s", DmarcRecord("reject", "reject", "reject", True)),
        ("v=DMARC1; p=reject; aspf=S; adkim=r", DmarcRecord("reject", "reject", "reject", False, True)),
        ("v=DMARC1; p=reject; adkim=x", DmarcRecord("reject", "reject", "reject")),
        ("v=DMARC1; p=reject; pct=100", DmarcRecord("reject", "reject", "reject")),
        ("v=DMARC1; p=reject; pct=99", DmarcRecord("quarantine", "quarantine", "quarantine")),
        ("v=DMARC1; p=reject; pct=0", DmarcRecord("quarantine", "quarantine", "quarantine")),
        ("v=DMARC1; p=quarantine; pct=20; sp=reject", DmarcRecord("none", "quarantine", "quarantine")),
        ("v=DMARC1; p=reject; pct=many", DmarcRecord("reject", "reject", "reject")),
        ("v=DMARC1; p=reject; t=y", DmarcRecord("quarantine", "quarantine", "quarantine")),
        ("v=DMARC1; p=none; t=y", DmarcRecord("none", "none", "none")),
        ("v=DMARC1; p=reject; psd=y", DmarcRecord("reject", "reject", "reject", psd="y")),
        ("v=DMARC1; p=reject; psd=n", DmarcRecord("reject", "reject", "reject", psd="n")),
        ("v=DMARC1; p=reject; psd=maybe", DmarcRecord("reject", "reject", "reject")),
        ("v=DMARC1; p=reject; fo=1:d:s; rf=afrf; ri=86400; x=y", DmarcRecord("reject", "reject", "reject")),
        ("v=DMARC1; p=reject; fo=nonsense; garbage", DmarcRecord("reject", "reject", "reject")),
        ("v=DMARC1; rua=mailto:a@x.example", DmarcRecord("none", "none", "none")),
        ("v=DMARC1; p=nonsense; rua=mailto:a@x.example", DmarcRecord("none", "none", "none")),
        ("v=DMARC1; p=reject; sp=nonsense; rua=mailto:a@x.example", DmarcRecord("none", "none", "none")),
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
def test_records(text: str, expected: DmarcRecord | None) -> None:
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
        ("example.com", DmarcPolicy("found", "reject", True)),
        ("EXAMPLE.com.", DmarcPolicy("found", "reject", True)),
        ("there.example.com", DmarcPolicy("found", "quarantine", True)),
        ("nowhere.example.com", DmarcPolicy("found", "reject", True)),
        ("deep.in.there.example.com", DmarcPolicy("found", "reject", True)),
        ("own.example.com", DmarcPolicy("found", "none", False, True)),
        ("two.example", DmarcPolicy("none")),
        ("two.example.com", DmarcPolicy("found", "quarantine", True)),
        ("beside.example", DmarcPolicy("found", "reject")),
        ("broken.example", DmarcPolicy("temperror")),
        ("silent.example", DmarcPolicy("temperror")),
        ("x.broken.example", DmarcPolicy("temperror")),
        ("fine.broken.example", DmarcPolicy("found", "reject")),
        ("alias.example", DmarcPolicy("found", "reject", True)),
        ("nobody.example", DmarcPolicy("none")),
        ("firm.co.jp", DmarcPolicy("found", "quarantine", marks=(("co.jp", "y"),))),
        ("other.net", DmarcPolicy("none")),
        ("a.hoster.org", DmarcPolicy("found", "quarantine", marks=(("hoster.org", "y"),))),
        ("branch.example.com", DmarcPolicy("found", "reject", marks=(("branch.example.com", "n"),))),
        ("empty.example", DmarcPolicy("none")),
        ("例え.jp", DmarcPolicy("found", "reject")),
        ("", DmarcPolicy("permerror")),
        ("a..b", DmarcPolicy("permerror")),
        ("x" * 64 + ".example", DmarcPolicy("none")),
    ],
)
async def test_discovery(author: str, expected: DmarcPolicy) -> None:
    async with NameServer(ZONE) as server:
        assert await dmarc.discover(author, Patient(server)) == expected


RELAXED, STRICT = DmarcPolicy("found", "reject"), DmarcPolicy("found", "reject", True, True)


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
        (DmarcPolicy("none"), "fail", "example.com", [], "none"),
        (DmarcPolicy("temperror"), "pass", "example.com", [], "temperror"),
        (DmarcPolicy("permerror"), "pass", "example.com", [], "permerror"),
    ],
)  # fmt: skip
def test_judgement(
    policy: DmarcPolicy, spf: str, spf_domain: str, signed: list[SignatureResult], expected: str
) -> None:
    assert judge("example.com", policy, spf=spf, spf_domain=spf_domain, signed=signed) == expected


def test_the_strictest() -> None:
    assert dmarc.strictest(["none", "reject", "quarantine", ""]) == "reject"
    assert dmarc.strictest([]) == ""
