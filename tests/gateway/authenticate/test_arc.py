"""ARC over several hops, judged by dkimpy as it is shipped and by the gateway."""

import dkim
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from filters.facts import Authentication, SignatureResult
from gateway.authenticate import arc
from gateway.authenticate.arc import Sealer
from gateway.authenticate.results import results_line
from gateway.authenticate.sign import Signer, generate_key
from mail.message import Message
from tests.gateway.stock import stock, stock_chain

KEY = generate_key(bits=1024)
LIST, GATEWAY = (Signer(domain, "arc", KEY) for domain in ("list.example", "corp.example"))
RECORDS = {one.record_name: one.record for one in (LIST, GATEWAY)}
MAIL = (
    b"From: Sato <sato@author.example>\r\nTo: taro@corp.example\r\nSubject:  hello\r\n"
    b"Date: Mon, 1 Jan 2029 00:00:00 +0900\r\nMIME-Version: 1.0\r\nContent-Type: text/plain\r\n\r\n"
    b"first  line \r\nlast line\r\n"
)
FOUND = Authentication(
    spf="pass",
    spf_domain="author.example",
    dkim="pass",
    dkim_domains=("author.example", "other.example"),
    dmarc="pass",
    dmarc_policy="reject",
    arc="none",
)


def judged(mail: bytes, keys: dict[str, str | None] | None = None) -> str:
    message = Message(mail)
    return arc.verify(message, arc.chain(message), {**RECORDS} if keys is None else keys)


def sealed(mail: bytes, by: Signer, host: str, chain: str = "none") -> bytes:
    found = Authentication(
        spf="pass", spf_domain="author.example", dkim="pass", dkim_domains=("author.example",),
        dmarc="pass", dmarc_policy="reject", arc=chain,
    )  # fmt: skip
    content = [results_line(found, host, "author.example"), memoryview(mail)]
    lines = Sealer(by, host).seal(content)
    return lines + b"".join(content)


ONE = sealed(MAIL, LIST, "mx.list.example")
CHANGED = ONE.replace(b"last line", b"last line\r\n-- \r\nfooter of the list").replace(
    b"hello", b"[list] hello"
)
TWO = sealed(CHANGED, GATEWAY, "mx.corp.example", "pass")


def test_our_link_is_read_by_stock_dkimpy() -> None:
    assert ONE.startswith(b"ARC-Seal: i=1; cv=none; a=rsa-sha256; d=list.example; s=arc;")
    assert stock_chain(ONE, RECORDS) == judged(ONE) == "pass"
    head = ONE[: ONE.index(b"\r\n\r\n")]
    assert max(map(len, head.split(b"\r\n"))) <= 80
    line = ONE[ONE.index(b"ARC-Authentication-Results:") : ONE.index(b"Authentication-Results:", 300)]
    for result in (b"i=1; mx.list.example;", b"spf=pass smtp.mailfrom=author.example", b"dmarc=pass"):
        assert result in ONE, line


def test_a_chain_of_two_hops_with_a_change_between() -> None:
    """The banner between the two is what ARC is for."""
    assert b"ARC-Seal: i=2; cv=pass;" in TWO
    assert stock_chain(TWO, RECORDS) == judged(TWO) == "pass"


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b"footer", b"Footer"),
        (b"[list]", b"[other]"),
        (b"From: Sato", b"From: Boss"),
        (b"i=1; mx.list.example", b"i=1; mx.list.other"),
        (b"cv=none", b"cv=pass"),
        (b"ARC-Seal: i=1", b"X-Seal: i=1"),
        (b"ARC-Message-Signature: i=1", b"ARC-Message-Signature: i=3"),
        (b"From: Sato", b"From: Boss <boss@corp.example>\r\nFrom: Sato"),
    ],
)
def test_what_is_changed_after_the_last_seal_fails(old: bytes, new: bytes) -> None:
    assert old in TWO
    assert stock_chain(TWO.replace(old, new), RECORDS) == judged(TWO.replace(old, new)) == "fail"


def test_a_change_that_nobody_sealed_fails() -> None:
    assert judged(CHANGED) == "fail"


def test_what_stock_dkimpy_seals() -> None:
    raw = results_line(FOUND, "mx.list.example", "author.example") + MAIL
    with stock():
        lines = dkim.arc_sign(raw, b"arc", b"list.example", KEY, b"mx.list.example")
    assert judged(b"".join(lines) + raw) == "pass"
    assert judged(b"".join(lines) + raw.replace(b"first", b"fist")) == "fail"


def test_no_chain() -> None:
    assert judged(MAIL) == "none"
    assert arc.chain(Message(MAIL)).key_names == ()


def test_what_the_dns_did_not_say_is_unknown() -> None:
    assert judged(TWO, {LIST.record_name: LIST.record}) == ""
    assert judged(TWO, {**RECORDS, LIST.record_name: None}) == ""
    assert judged(TWO, {**RECORDS, LIST.record_name: ""}) == "fail"


@pytest.mark.parametrize(
    "field",
    [
        b"ARC-Seal:",
        b"ARC-Seal: i=1",
        b"ARC-Authentication-Results: i=1; x",
        b"ARC-Seal: i=9999999999; cv=pass; a=rsa-sha256; d=a.example; s=b; b=AAAA",
        b"ARC-Message-Signature:i=1;a=rsa-sha256;d=a.example;s=b;h=from;bh=AAAA;b=" + b" " * 20_000 + b"!",
        b"ARC-Seal: i=" + b"1" * 6_000,
    ],
    ids=range(6),
)
def test_damaged_chains_fail_and_raise_nothing(field: bytes) -> None:
    message = Message(field + b"\r\n" + MAIL)
    found = arc.chain(message)
    assert arc.verify(message, found, dict.fromkeys(found.key_names, LIST.record)) == "fail"


def test_a_chain_that_is_too_long_is_not_followed() -> None:
    head = TWO[: TWO.index(b"Authentication-Results: mx.corp")]
    found = arc.chain(Message(head * 21 + MAIL))
    assert found == arc.Chain("fail")


@given(st.integers(0, TWO.index(b"From:")), st.binary(max_size=4), st.integers(0, 6))
@settings(max_examples=100, deadline=None)
def test_nothing_raises(start: int, new: bytes, gone: int) -> None:
    assert judged(TWO[:start] + new + TWO[start + gone :]) in ("pass", "fail", "none", "")


def test_our_link_on_sets_that_stand_in_another_order() -> None:
    """Some relays sort or move fields; the seals still hold (§5.1.1), and ours over them."""
    fields, rest = ONE[: ONE.index(b"Authentication-Results: mx.list", 400)], ONE
    lines = [b"ARC-" + one for one in ONE[: len(fields)].split(b"ARC-")[1:]]
    assert [line[4:8] for line in lines] == [b"Seal", b"Mess", b"Auth"]
    moved = b"".join([lines[2], lines[0], b"X-Between: 1\r\n", lines[1], rest[len(fields) :]])
    assert judged(moved) == "pass"
    assert judged(sealed(moved, GATEWAY, "mx.corp.example", "pass")) == "pass"


def test_only_our_own_results_are_vouched_for() -> None:
    """A second field of our name, however it got there, is left out of the set."""
    forged = b"Authentication-Results: mx.corp.example; dmarc=pass header.from=bank.example\r\n" + MAIL
    lines = Sealer(GATEWAY, "mx.corp.example").seal([results_line(FOUND, "mx.corp.example"), forged])
    assert b"bank.example" not in lines
    assert b"dkim=pass header.d=other.example" in lines


@pytest.mark.parametrize(
    ("head", "mail"),
    [
        (results_line(Authentication(), "mx.other.example"), MAIL),
        (b"", MAIL),
        (results_line(FOUND, "mx.corp.example"), b"Subject: no From\r\n\r\nx\r\n"),
        (results_line(FOUND, "mx.corp.example"), TWO),
    ],
    ids=["results of others", "no results", "no From", "a chain that our results do not name"],
)
def test_what_cannot_be_sealed_goes_on_without(head: bytes, mail: bytes) -> None:
    assert Sealer(GATEWAY, "mx.corp.example").seal([head, mail]) == b""


@given(
    st.sampled_from(["pass", "fail", "softfail", "neutral", "none", "temperror", "permerror"]),
    st.sampled_from(["pass", "fail", "policy", "neutral", "none", "temperror", "permerror"]),
    st.text(max_size=20),
)
@settings(max_examples=60, deadline=None)
def test_whatever_was_found_can_be_sealed(spf: str, dkim_word: str, text: str) -> None:
    """What strangers called themselves stands in our field; it must not cost the seal."""
    found = Authentication(
        spf=spf, spf_domain=text, spf_helo=True, dmarc="fail", dmarc_policy="reject", client=text, forwarder=text,
        signatures=(SignatureResult(dkim_word, text, text, text), SignatureResult(dkim_word)), believed=text,
    )  # fmt: skip
    head = results_line(found, "mx.corp.example", text)
    lines = Sealer(GATEWAY, "mx.corp.example").seal([head, MAIL])
    assert lines
    assert judged(lines + head + MAIL) == "pass"


def test_arc_knows_no_ed25519() -> None:
    with pytest.raises(ValueError, match="RSA"):
        Sealer(Signer("corp.example", "arc", generate_key("ed25519")), "mx.corp.example")
