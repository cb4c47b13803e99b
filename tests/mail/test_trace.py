import pytest

from mail.message import Message
from mail.trace import (
    MethodResult,
    authentication_results,
    claims,
    date,
    hops,
    protocol,
    read_results,
    received,
)


def test_date():
    assert date(0) == "Thu, 01 Jan 1970 00:00:00 +0000"
    assert date(1_700_000_000.9) == "Tue, 14 Nov 2023 22:13:20 +0000"


@pytest.mark.parametrize(
    ("tls", "auth", "smtputf8", "word"),
    [
        (False, False, False, "ESMTP"),
        (True, False, False, "ESMTPS"),
        (True, True, False, "ESMTPSA"),
        (True, True, True, "UTF8SMTPSA"),
    ],
)
def test_protocol(tls, auth, smtputf8, word):
    assert protocol(tls=tls, auth=auth, smtputf8=smtputf8) == word


def test_received_can_leave_its_client_out():
    line = received(by="mx.b.example", with_protocol="ESMTPSA", id="01", when=0, helo="pc", tls="TLSv1.3")
    assert line.startswith(b"Received: by mx.b.example with ESMTPSA id 01")
    assert hops(Message(line + b"\r\n")) == 1
    assert b"pc" not in line


def test_received():
    line = received(
        helo="pc1.a.example", peer="192.0.2.1", peer_name="pc1.a.example", by="mx.b.example", with_protocol="ESMTPSA",
        id="0123ab", when=0, recipients=["x@y.example"], tls="TLSv1.3 TLS_AES_256_GCM_SHA384",
    )  # fmt: skip
    mail = Message(line + b"\r\n")
    assert hops(mail) == 1
    assert mail.headers[0].text.split() == [
        "from",
        "pc1.a.example",
        "(pc1.a.example",
        "[192.0.2.1])",
        "(using",
        "TLSv1.3",
        "TLS_AES_256_GCM_SHA384)",
        "by",
        "mx.b.example",
        "with",
        "ESMTPSA",
        "id",
        "0123ab",
        "for",
        "<x@y.example>;",
        "Thu,",
        "01",
        "Jan",
        "1970",
        "00:00:00",
        "+0000",
    ]
    assert all(len(part) <= 998 for part in line.split(b"\r\n"))


def test_received_names_nobody_when_there_are_several():
    line = received(
        helo="h",
        peer="::1",
        by="b",
        with_protocol="ESMTP",
        id="i",
        when=0,
        recipients=["a@b.example", "c@d.example"],
    )
    assert b" for " not in line
    assert b"@" not in line
    assert b"[IPv6:::1]" in line


def test_what_a_peer_says_cannot_end_the_field():
    line = received(
        helo="x)\r\nSubject: forged\r\n\r\n", peer="192.0.2.1", peer_name="a (b", by="b", with_protocol="ESMTP", id="i;\r\n", when=0,
        recipients=["a@b>\r\nX: y"], tls="(\r\n",
    )  # fmt: skip
    mail = Message(line + b"\r\n")
    assert [h.name for h in mail.headers] == ["received"]
    assert line.count(b"(") == line.count(b")")


def test_hops_counts_received_only():
    assert hops(Message(b"Received: a\r\nX: b\r\nreceived: c\r\n\r\nReceived: body")) == 2


def test_authentication_results():
    line = authentication_results(
        "mx.b.example",
        [
            MethodResult("spf", "pass", {"smtp.mailfrom": "a@b.example"}),
            MethodResult("dkim", "fail", {"header.d": "b.example", "header.s": ""}, "bad body hash"),
        ],
    )
    assert Message(line + b"\r\n").headers[0].value.split() == (
        b'mx.b.example; spf=pass smtp.mailfrom=a@b.example; dkim=fail reason="bad body hash" header.d=b.example'.split()
    )
    assert (
        authentication_results("mx.b.example", []) == b"Authentication-Results: mx.b.example;\r\n\tnone\r\n"
    )


def test_authentication_results_quotes_what_strangers_wrote():
    line = authentication_results(
        "mx", [MethodResult("spf", "fail", {"smtp.mailfrom": 'x; dmarc=pass "\r\nX: y'})]
    )
    assert line.count(b"\r\n") == 2
    assert b'"x; dmarc=pass \\"X: y"' in line


def test_a_comment_cannot_end_the_field():
    line = authentication_results("mx", [MethodResult("dmarc", "fail", comment="p=none) x; y\r\nZ: (")])
    assert line == b"Authentication-Results: mx;\r\n\tdmarc=fail (p=none? x? y??Z: ?)\r\n"


@pytest.mark.parametrize(
    ("value", "name", "expected"),
    [
        (b"mx.b.example; none", "mx.b.example", []),
        (b" MX.b.example. 1 ; spf=Pass smtp.mailfrom=a@b.example", "mx.b.example", [("spf", "pass", {"smtp.mailfrom": "a@b.example"})]),
        (b'"mx.b.example"; dkim=pass (2048-bit key; secure) header.d = b.example header.s=s', "mx.b.example",
         [("dkim", "pass", {"header.d": "b.example", "header.s": "s"})]),
        (b"(a (nested) ; \\) comment) mx; dmarc=fail (p=none) header.from=b.example; arc=none", "mx",
         [("dmarc", "fail", {"header.from": "b.example"}), ("arc", "none", {})]),
        (b'mx; spf=fail reason="one; two" smtp.helo=h', "mx", [("spf", "fail", {"smtp.helo": "h"})]),
        (b"mx; dkim/1=pass header.i=@b.example header.i=@c.example", "mx", [("dkim", "pass", {"header.i": "@b.example"})]),
        (b'mx; spf=pass smtp.mailfrom="x; dmarc=pass"', "mx", [("spf", "pass", {"smtp.mailfrom": "x; dmarc=pass"})]),
        (b"", "", []),
        (b";;;", "", []),
        (b'"', "", []),
        (b"mx; (spf=pass", "mx", []),
        (b"\xff\xfe; spf=pass", "\ufffd\ufffd", [("spf", "pass", {})]),
    ],
)  # fmt: skip
def test_reading_results(value, name, expected):
    found, results = read_results(value)
    assert found == name
    assert [(r.method, r.result, dict(r.properties)) for r in results] == expected


def test_results_are_read_as_they_were_written():
    results = [
        MethodResult("spf", "pass", {"smtp.mailfrom": "b.example"}),
        MethodResult("dkim", "fail", {"header.d": 'a "b"; c'}, "body hash"),
    ]
    line = authentication_results("mx.b.example", results)
    assert read_results(Message(line + b"\r\n").headers[0].value) == ("mx.b.example", results)


@pytest.mark.parametrize("filler", [b" ", b"(", b";", b'"', b"a=", b"\\", b"a b ", b")("])
def test_any_amount_of_anything_is_read(filler):
    assert read_results(b"mx; " + filler * 100_000)[0] == "mx"


@pytest.mark.parametrize(
    "value",
    [
        b"mx.b.example; spf=pass", b" MX.B.EXAMPLE ;spf=pass", b"mx.b.example 1; none", b"(c) mx.b.example; none", b"(a (b) c)mx.b.example; none",
        b'"mx.b.example"; none', b"mx.b.example.; none", b"\r\n mx.b.example;\r\n\tnone", b"=?utf-8?q?mx.b.example?=; dmarc=pass",
        b"=?utf-8?b?bXguYi5leGFtcGxl?=; dmarc=pass", b"=?utf-8?q?mx?= =?utf-8?q?=2Eb.example?=; dmarc=pass", b"mx.b.example", b"other (mx.b.example); none",
        "ｍｘ.b.example; none".encode(), "mx.b\u200b.example; none".encode(), b"(unclosed mx.b.example; spf=pass", b'"unclosed mx.b.example; spf=pass',
        b"(x;y) mx.b.example; spf=pass", b"(x=y) mx.b.example; spf=pass", b"mx.b.example/1; spf=pass", b"mx.b.ex(comment)ample; spf=pass",
    ],
    ids=range(21),
)  # fmt: skip
def test_a_field_that_may_be_read_as_ours(value):
    header = Message(b"Authentication-Results: " + value + b"\r\n\r\n").headers[0]
    assert "mx.b.example" in claims(header)


@pytest.mark.parametrize(
    "value",
    [b"other.example; spf=pass smtp.mailfrom=mx.b.example", b"spf=pass smtp.mailfrom=mx.b.example; dkim=none", b"mx.b.example.evil.top; none",
     b"xmx.b.example; none", b"x; (mx.b.example) none"],
)  # fmt: skip
def test_a_field_that_is_of_others(value):
    header = Message(b"Authentication-Results: " + value + b"\r\n\r\n").headers[0]
    assert "mx.b.example" not in claims(header)
