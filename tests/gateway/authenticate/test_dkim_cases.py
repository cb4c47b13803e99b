"""DKIM case by case: each line of the tables is one clause of RFC 6376, 8301 or 8463.

The signatures come from a signer of the tests' own (tests/gateway/signing.py), which knows nothing of dkimpy.
"""

import base64
from collections.abc import Iterator
from typing import Any

import pytest

from filters.facts import SignatureResult
from gateway.authenticate import dkim
from mail.message import Message
from tests.gateway.signing import ED25519, RSA, public, signed
from tests.gateway.stock import at

NOW = 1_800_000_000
MAIL = (
    "From: Taro <taro@corp.example>\r\nTo: a@there.example,\r\n\tb@there.example\r\nSubject:  two  words \r\n"
    "Date: Mon, 1 Jan 2029 00:00:00 +0900\r\nX-Other: 1\r\n\r\nfirst  line \t\r\n\r\n second\r\n\r\n\r\n"
)
GOOD = f"v=DKIM1; k=rsa; p={public(RSA)}"
# A key of 512 bits, as was usual long ago; its private part was thrown away.
SMALL = (
    "v=DKIM1; p=MFwwDQYJKoZIhvcNAQEBBQADSwAwSAJBAOgNEewUMymkmoqHlvjj/4mr18ucHPEP"
    "+L+CzMXgK2oMfmBQmNfXBYe0tzTrohyLZSJvXdpCOlp4c2muGI7nmQcCAwEAAQ=="
)


@pytest.fixture(autouse=True)
def clock() -> Iterator[None]:
    with at(NOW):
        yield


def judged(mail: str, record: str | None = GOOD, author: str = "") -> list[SignatureResult]:
    message = Message(mail.encode())
    found = dkim.signatures(message, author)
    return dkim.verify(message, found, {s.key_name: record for s in found}, NOW)


def word(mail: str, record: str | None = GOOD) -> str:
    (result,) = judged(mail, record)
    assert (result.word == "pass") or result.reason, "who is not passed hears why"
    return result.word


@pytest.mark.parametrize("header", ["simple", "relaxed"])
@pytest.mark.parametrize("body", ["simple", "relaxed"])
@pytest.mark.parametrize("key", [RSA, ED25519], ids=["rsa", "ed25519"])
def test_canonical_forms(header: str, body: str, key: Any) -> None:
    record = f"v=DKIM1; k={'rsa' if key is RSA else 'ed25519'}; p={public(key)}"
    mail = signed(MAIL, key, c=f"{header}/{body}")
    loose = ["fail", "pass"]
    assert word(mail, record) == "pass"
    assert word(mail.rstrip("\r\n") + "\r\n", record) == "pass", "empty lines at the end"
    assert word(mail.replace("second\r\n", "second \r\n"), record) == loose[body == "relaxed"]
    assert word(mail.replace("first  line", "first line"), record) == loose[body == "relaxed"]
    assert word(mail.replace(" second", "second"), record) == "fail"
    assert word(mail.replace("first", "FIRST"), record) == "fail"
    assert (
        word(mail.replace("Subject:  two  words ", "subject: two words"), record)
        == loose[header == "relaxed"]
    )
    assert word(mail.replace(",\r\n\tb", ", b"), record) == loose[header == "relaxed"]
    assert word(mail.replace("two", "three"), record) == "fail"
    assert word(mail.replace("X-Other: 1", "X-Other: 2"), record) == "pass"


@pytest.mark.parametrize(
    ("tags", "expected"),
    [
        ({"c": None}, "pass"),  # simple/simple (§3.5)
        ({"c": "relaxed"}, "pass"),  # the body is simple
        ({"c": "simple"}, "pass"),
        ({"c": "relaxed/other"}, "permerror"),
        ({"i": "@corp.example"}, "pass"),
        ({"i": "taro@mail.corp.example"}, "pass"),
        ({"i": "@other.example"}, "permerror"),
        ({"i": "@badcorp.example"}, "permerror"),
        ({"q": "dns/txt"}, "pass"),
        ({"q": "http"}, "permerror"),
        ({"t": str(NOW - 60)}, "pass"),
        ({"t": "yesterday"}, "permerror"),
        ({"x": str(NOW + 3600)}, "pass"),
        ({"x": str(NOW - 60)}, "pass"),  # clocks differ
        ({"x": str(NOW - 3600)}, "permerror"),
        ({"t": str(NOW), "x": str(NOW - 3600)}, "permerror"),
        ({"z": "From:taro@corp.example"}, "pass"),
        ({"unknown": "1"}, "pass"),  # §3.2: what is unknown is passed over
        ({"h": "from"}, "pass"),
        ({"h": "From:TO:Subject"}, "pass"),
        ({"h": "from : to : subject"}, "pass"),
        ({"h": "from:from:to:to:subject:subject:missing"}, "pass"),
        ({"h": "to:subject:date"}, "permerror"),  # From must be signed (§5.4)
        ({"h": None}, "permerror"),
        ({"v": "2"}, "permerror"),
        ({"v": None}, "permerror"),
        ({"d": None}, "permerror"),
        ({"s": None}, "permerror"),
        ({"bh": None}, "permerror"),
        ({"bh": base64.b64encode(b"x" * 32).decode()}, "fail"),
        ({"a": "rsa-sha512"}, "permerror"),
        ({"a": "ed25519-sha256"}, "permerror"),  # the key is RSA
        ({"l": "0"}, "policy"),
        ({"l": "10"}, "policy"),
        ({"l": "23"}, "pass"),  # all of it
        ({"l": "-1"}, "permerror"),
    ],
    ids=str,
)  # fmt: skip
def test_tags_of_a_signature(tags: dict[str, str | None], expected: str) -> None:
    assert word(signed(MAIL, **tags)) == expected


def test_more_is_signed_than_there_is() -> None:
    assert word(signed(MAIL, l="1000")) == "permerror"


def test_what_follows_the_signed_part_of_a_body_may_be_anybodys() -> None:
    mail = signed(MAIL, l="23")
    assert word(mail) == "pass"
    (result,) = judged(mail + "<a href='https://evil.example'>\r\n")
    assert (result.word, result.reason) == ("policy", "only a part of the body is signed")


def test_sha1_proves_nothing_any_more() -> None:
    assert word(signed(MAIL, hash_name="sha1")) == "permerror"


@pytest.mark.parametrize(
    ("record", "expected"),
    [
        (GOOD, "pass"),
        (GOOD.removeprefix("v=DKIM1; k=rsa; "), "pass"),
        (GOOD + "; n=a note; unknown=1", "pass"),
        (GOOD + "; h=sha256", "pass"),
        (GOOD + "; h=sha1:sha256", "pass"),
        (GOOD + "; h=sha1", "permerror"),
        (GOOD + "; s=email", "pass"),
        (GOOD + "; s=*", "pass"),
        (GOOD + "; s=other : email", "pass"),
        (GOOD + "; s=other", "permerror"),
        (GOOD + "; t=y", "pass"),
        (GOOD + "; t=s", "pass"),
        (GOOD + "; t=s:y", "pass"),
        (GOOD.replace("; p=", ";\tp = ").replace("AQAB", "AQ AB"), "pass"),
        (GOOD.replace("DKIM1", "DKIM2"), "permerror"),
        (f"k=rsa; v=DKIM1; p={public(RSA)}", "permerror"),  # v= must be the first (§3.6.1)
        ("v=DKIM1; k=rsa; p=", "permerror"),  # revoked
        ("v=DKIM1; k=rsa", "permerror"),
        ("", "permerror"),
        ("v=spf1 -all", "permerror"),
        (GOOD.replace("k=rsa", "k=dsa"), "permerror"),
        (f"v=DKIM1; k=ed25519; p={public(ED25519)}", "permerror"),
        (None, "temperror"),
    ],
    ids=range(23),
)
def test_keys(record: str | None, expected: str) -> None:
    assert word(signed(MAIL), record) == expected


def test_a_key_below_1024_bits_is_none() -> None:
    """RFC 8301 §3.2."""
    (result,) = judged(signed(MAIL), SMALL)
    assert (result.word, result.reason) == ("permerror", "the key is too small")


def test_a_failure_in_a_test_of_its_domain_is_no_failure() -> None:
    changed = signed(MAIL).replace("first", "last")
    assert word(changed) == "fail"
    assert word(changed, GOOD + "; t=y") == "neutral"


@pytest.mark.parametrize(
    ("identity", "expected"),
    [("@corp.example", "pass"), ("taro@CORP.example", "pass"), ("taro@mail.corp.example", "permerror")],
)
def test_a_strict_key_wants_the_very_domain(identity: str, expected: str) -> None:
    assert word(signed(MAIL, i=identity), GOOD + "; t=s") == expected


@pytest.mark.parametrize(
    "field",
    ["Subject: other", "To: other@there.example", "Date: Tue, 2 Jan 2029 00:00:00 +0900"],
)
def test_a_field_that_was_added_after_signing_is_not_theirs(field: str) -> None:
    """A reader sees the first, the signature covers the last (§8.15)."""
    (result,) = judged(f"{field}\r\n{signed(MAIL)}")
    assert (result.word, result.reason) == (
        "policy",
        f"{field.partition(':')[0].lower()} was added after signing",
    )
    assert word(f"Content-Language: ja\r\n{signed(MAIL)}") == "pass"


def test_a_second_from_is_never_theirs() -> None:
    assert word("From: boss@corp.example\r\n" + signed(MAIL)) == "fail"
    assert word("From: boss@corp.example\r\n" + signed(MAIL, h="from:from:to")) == "fail"


def test_each_of_several_signatures_is_judged() -> None:
    mail = signed(signed(MAIL), ED25519, d="list.example", s="ed").replace("d=corp", "d=Corp")
    message = Message(mail.encode())
    found = dkim.signatures(message)
    keys: dict[str, str | None] = {"s1._domainkey.corp.example": GOOD, "ed._domainkey.list.example": None}
    assert [(r.word, r.domain, r.selector) for r in dkim.verify(message, found, keys, NOW)] == [
        ("temperror", "list.example", "ed"),
        ("fail", "corp.example", "s1"),
    ]


def test_strangers_cannot_push_the_authors_signature_out() -> None:
    mail = signed(MAIL)
    for number in range(12):
        mail = (
            f"DKIM-Signature: v=1; a=rsa-sha256; d=n{number}.example; s=s; h=from; bh=AAAA; b=AAAA\r\n{mail}"
        )
    assert len(judged(mail)) == dkim.MOST
    assert "corp.example" not in [r.domain for r in judged(mail)]
    first = judged(mail, author="corp.example")[0]
    assert (first.word, first.domain) == ("pass", "corp.example")
    assert judged(mail, author="news.corp.example")[0].domain == "corp.example"
    assert judged(mail, author="orp.example")[0].domain == "n11.example"
