"""Hosts in front of us: where a mail came from before them, and what they found."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from config.settings import AuthenticationSection
from filters.facts import Origin
from gateway.authenticate.trusted_hops import by_hops, handed_by
from mail.message import Message

TRUST = AuthenticationSection(
    trusted_hops=("192.0.2.0/28", "2001:db8:1::/48"),
    trusted_results=("edge.provider.example", "Edge.US.example"),
)
HOP = Origin("mx", "192.0.2.1", helo="out.provider.example")


def field(name: str, value: str) -> str:
    return f"{name}: {value}\r\n"


def received(peer: str, by: str = "edge") -> str:
    return field(
        "Received",
        f"from client.example (name.example [{peer}])\r\n\tby {by} with ESMTPS id 1;\r\n\tMon, 1 Jan 2029 00:00:00 +0900",
    )


def results(text: str, name: str = "edge.provider.example") -> str:
    return field("Authentication-Results", f"{name};\r\n\t{text}")


def came(*fields: str, origin: Origin = HOP) -> tuple[str, str, str]:
    raw = "".join(fields) + "From: a@x.example\r\n\r\nbody\r\n"
    found = by_hops(origin, Message(raw.encode()), TRUST)
    told = " ".join(f"{r.method}={r.result}" for name in sorted(found.results) for r in found.results[name])
    return found.peer, found.believed, told


@pytest.mark.parametrize(
    ("text", "peer", "helo"),
    [
        ("from mx.a.example (mx.a.example [198.51.100.1]) by e", "198.51.100.1", "mx.a.example"),
        ("from mx.a.example (unknown [198.51.100.1])\r\n\t(using TLSv1.3 with cipher X)\r\n\tby e", "198.51.100.1", "mx.a.example"),
        ("from MX.a.example. ([198.51.100.1]) by e", "198.51.100.1", "mx.a.example"),
        ("from mx.a.example (x [IPv6:2001:db8::1]) by e", "2001:db8::1", "mx.a.example"),
        ("from MX.A.EXAMPLE (198.51.100.1) by e (198.51.100.9) with Microsoft SMTP", "198.51.100.1", "mx.a.example"),
        ("from MX.A.EXAMPLE (2001:db8::1) by e", "2001:db8::1", "mx.a.example"),
        ("from [198.51.100.1] (helo=mx.a.example) by e with esmtp (Exim)", "198.51.100.1", "mx.a.example"),
        ("from [198.51.100.1] (port=99 helo=[203.0.113.9]) by e", "198.51.100.1", "203.0.113.9"),
        ("from name.example ([198.51.100.1] helo=mx.a.example) by e", "198.51.100.1", "mx.a.example"),
        ("from [203.0.113.9] (name.example [198.51.100.1]) by e", "198.51.100.1", "203.0.113.9"),
        ("from x (y [203.0.113.9]) (name.example [198.51.100.1]) by e", "198.51.100.1", "x"),
        ("from mx.a.example by e", "", ""),
        ("from mx.a.example (name [999.1.1.1]) by e", "", ""),
        ("by e with HTTP; Mon", "", ""),
        ("from mx.a.example by e (name [198.51.100.1])", "", ""),
        ("", "", ""),
        ("from (" * 2000, "", ""),
    ],
)  # fmt: skip
def test_who_handed_it_to_a_host(text: str, peer: str, helo: str) -> None:
    header = Message(f"Received: {text}\r\n\r\n".encode()).headers[0]
    assert handed_by(header) == (peer, helo)


def test_a_stranger_is_judged_as_himself() -> None:
    stranger = Origin("mx", "198.51.100.7", helo="x")
    assert came(received("203.0.113.1"), results("dmarc=pass"), origin=stranger) == ("198.51.100.7", "", "")


def test_behind_one_host_and_behind_two() -> None:
    assert came(received("198.51.100.7"))[0] == "198.51.100.7"
    assert came(received("192.0.2.2"), received("198.51.100.7"), received("203.0.113.1"))[0] == "198.51.100.7"
    assert came(received("192.0.2.2"), received("192.0.2.3"))[0] == "", "it never came from outside"
    assert came(field("Received", "by edge with local"))[0] == ""
    assert came()[0] == ""
    assert came(*[received("192.0.2.2")] * 12, received("198.51.100.7"))[0] == "", "a chain has an end"


def test_what_the_host_found() -> None:
    both = results(
        "spf=pass smtp.mailfrom=x.example; dkim=fail header.d=x.example; dkim=pass header.d=y.example"
    )
    assert came(both, received("198.51.100.7")) == (
        "198.51.100.7", "edge.provider.example", "dkim=fail dkim=pass spf=pass",
    )  # fmt: skip
    assert came(received("198.51.100.7"), both)[2] == "dkim=fail dkim=pass spf=pass", "below its own Received"
    assert (
        came(results("spf=fail"), results("dmarc=fail"), received("198.51.100.7"))[2] == "dmarc=fail spf=fail"
    )


def test_what_strangers_wrote_is_not_what_the_host_found() -> None:
    forged = results("dmarc=pass; spf=pass")
    entry = received("198.51.100.7")
    assert came(entry, received("203.0.113.1"), forged)[2] == "", "below the first Received of strangers"
    assert came(results("dmarc=fail"), entry, forged)[2] == "dmarc=fail spf=pass"
    assert came(results("dmarc=fail; spf=fail"), entry, forged)[2] == "dmarc=fail spf=fail"
    assert came(results("dmarc=pass", "other.example"), entry)[1:] == ("", "")
    assert came(results("dmarc=pass", "edge.us.example"), results("spf=fail"), entry)[1:] == (
        "edge.us.example", "dmarc=pass",
    ), "one host at a time"  # fmt: skip


@given(st.text(alphabet='fromby ()[]:.;=\\"IPv6:192.0.2.1a\t', max_size=80), st.binary(max_size=80))
@settings(max_examples=100, deadline=None)
def test_nothing_raises_for_any_field(text: str, junk: bytes) -> None:
    raw = f"Received: {text}\r\nAuthentication-Results: {text}\r\n".encode()
    raw += b"Authentication-Results: edge.provider.example; " + junk.replace(b"\n", b"") + b"\r\n\r\n"
    assert isinstance(by_hops(HOP, Message(raw), TRUST).peer, str)


def test_results_without_a_name_are_believed_where_policy_says_so() -> None:
    """As Microsoft 365 writes them."""
    said = field(
        "Authentication-Results",
        "spf=pass (sender IP is 198.51.100.1)\r\n smtp.mailfrom=x.example; dkim=pass (signature was verified)\r\n"
        " header.d=x.example;dmarc=pass action=none header.from=x.example;compauth=pass reason=100",
    )
    raw = (said + received("198.51.100.1") + "From: a@x.example\r\n\r\nbody\r\n").encode()
    trust = AuthenticationSection(trusted_hops=("192.0.2.0/28",), nameless_results=True)
    found = by_hops(HOP, Message(raw), trust)
    assert {name: each[0].result for name, each in found.results.items()} == {
        "spf": "pass", "dkim": "pass", "dmarc": "pass", "compauth": "pass",
    }  # fmt: skip
    assert found.believed
    assert not by_hops(HOP, Message(raw), TRUST).results
    assert not by_hops(Origin("mx", "203.0.113.9"), Message(raw), trust).results
    with pytest.raises(ValueError, match="trusted_hops"):
        AuthenticationSection(nameless_results=True)
