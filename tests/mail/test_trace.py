import pytest

from mail.message import Message
from mail.trace import Result, authentication_results, claimed_results, date, hops, protocol, received


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
            Result("spf", "pass", {"smtp.mailfrom": "a@b.example"}),
            Result("dkim", "fail", {"header.d": "b.example", "header.s": ""}, "bad body hash"),
        ],
    )
    assert Message(line + b"\r\n").headers[0].value.split() == (
        b'mx.b.example; spf=pass smtp.mailfrom=a@b.example; dkim=fail reason="bad body hash" header.d=b.example'.split()
    )
    assert (
        authentication_results("mx.b.example", []) == b"Authentication-Results: mx.b.example;\r\n\tnone\r\n"
    )


def test_authentication_results_quotes_what_strangers_wrote():
    line = authentication_results("mx", [Result("spf", "fail", {"smtp.mailfrom": 'x; dmarc=pass "\r\nX: y'})])
    assert line.count(b"\r\n") == 2
    assert b'"x; dmarc=pass \\"X: y"' in line


def test_claimed_results_are_those_in_our_name():
    mail = Message(
        b"Authentication-Results: mx.b.example; spf=pass\r\nAuthentication-Results: other.example; spf=pass\r\n"
        b"Authentication-Results: (c) MX.b.example 1; none\r\n\r\n"
    )
    assert [h.span[0] for h in claimed_results(mail, "mx.b.example")] == [
        mail.headers[0].span[0],
        mail.headers[2].span[0],
    ]
