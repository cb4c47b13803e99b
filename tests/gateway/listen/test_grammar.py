"""Command lines and their arguments as an example table."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gateway.listen.grammar import (
    Chunk,
    Command,
    MailCommand,
    Offer,
    chunk,
    command,
    is_name,
    mail,
    rcpt,
    speaks_http,
)
from mail.envelope import Envelope, ForwardPath
from mail.reply import Reply

ALL = Offer()


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        (b"NOOP\r\n", Command("NOOP", "")),
        (b"noop  x \r\n", Command("NOOP", "x")),
        (b"MAIL FROM:<\xe6\x97\xa5@x.example>\r\n", Command("MAIL", "FROM:<日@x.example>")),
        (b"NOOP\n", 500),
        (b"NOOP\r\r\n", 500),
        (b"NO\x00OP\r\n", 500),
        (b"\r\n", 500),
        (b" NOOP\r\n", 500),
        (b"NO OP\r\n", 500),
        (b"N00P\r\n", 500),
        (b"NOOP \xe6\x97\xa5\r\n", 501),
        (b"MAIL FROM:<\xff@x.example>\r\n", 553),
        (b"NOOP " + b"x" * 505 + b"\r\n", Command("NOOP", "x" * 505)),
        (b"NOOP " + b"x" * 506 + b"\r\n", 500),
        (b"RCPT " + b"x" * 2042 + b"\r\n", 500),
    ],
)
def test_command(line: bytes, expected: Command | int) -> None:
    got = command(line)
    assert (got.code if isinstance(got, Reply) else got) == expected


@pytest.mark.parametrize(
    "line", [b"GET / HTTP/1.1", b"post /x", b"Host: x", b"Content-Type:text/plain", b"PRI * HTTP/2.0"]
)
def test_http_is_noticed(line: bytes) -> None:
    assert speaks_http(line)


@pytest.mark.parametrize("line", [b"MAIL FROM:<a@b>", b"GETX", b"RCPT TO:<a:b@c>", b"EHLO a:b", b"QUIT\r\n"])
def test_smtp_is_not_http(line: bytes) -> None:
    assert not speaks_http(line)


@pytest.mark.parametrize(
    ("name", "good"),
    [("mx.example", True), ("MY_PC", True), ("[192.0.2.1]", True), ("[IPv6:2001:db8::1]", True), ("", False),
     ("a b", False), ("-x", False), ("日本", False), ("a<b", False), ("x" * 256, False)],
)  # fmt: skip
def test_names(name: str, good: bool) -> None:
    assert is_name(name) is good


@pytest.mark.parametrize(
    ("argument", "expected"),
    [("10", Chunk(10, False)), ("0 LAST", Chunk(0, True)), ("5  last", Chunk(5, True)), ("", None), ("x", None),
     ("-1", None), ("1 2", None), ("1LAST", None), ("9" * 19, None), ("٣", None)],
)  # fmt: skip
def test_chunk(argument: str, expected: Chunk | None) -> None:
    assert chunk(argument) == expected


@pytest.mark.parametrize(
    ("argument", "expected"),
    [
        ("FROM:<a@X.Example>", Envelope("a@x.example")),
        ("from: <> BODY=8BITMIME", Envelope("", body="8BITMIME")),
        (
            "FROM:<a@x.example> RET=full ENVID=a+2B AUTH=me+40x",
            Envelope("a@x.example", ret="FULL", envid="a+2B"),
        ),
        ("FROM:<日@x.example> SMTPUTF8", Envelope("日@x.example", smtputf8=True)),
        ("FROM:<日@x.example>", 553),
        ("FROM:<a@x.example> SMTPUTF8=1", 501),
        ("FROM:<a@x.example> SIZE=1 size=1", 501),
        ("FROM:<a@x.example> SIZE=" + "9" * 21, 501),
        ("FROM:<a@x.example> SIZE=٣", 501),
        ("FROM:<a@x.example> BODY=BINARYMIME", 555),
        ("FROM:<a@x.example> ENVID=" + "x" * 101, 501),
        ("FROM:<a@x.example> ENVID=a+2b", 501),
        ("FROM:<a@x.example> =x", 501),
        ("FROM:<a@x.example> X==", 501),
        ("FROM:a@x.example", 553),
        ("TO:<a@x.example>", 501),
        ("", 501),
    ],
)
def test_mail(argument: str, expected: Envelope | int) -> None:
    got = mail(argument, ALL)
    assert (got.code if isinstance(got, Reply) else got.envelope) == expected


FUTURE = Offer(future=86_400)


@pytest.mark.parametrize(
    ("argument", "expected"),
    [
        ("FROM:<a@x.example> HOLDFOR=86400", Envelope("a@x.example", hold_for=86_400)),
        ("FROM:<a@x.example> HOLDFOR=0", Envelope("a@x.example")),
        ("FROM:<a@x.example> HOLDUNTIL=2026-12-01T00:00:00Z", Envelope("a@x.example", hold_until=1_796_083_200.0)),
        (
            "FROM:<a@x.example> SIZE=9 holduntil=2026-12-01t09:00:00+09:00",
            Envelope("a@x.example", hold_until=1_796_083_200.0),
        ),
        ("FROM:<a@x.example> HOLDFOR=86401", 501),
        ("FROM:<a@x.example> HOLDFOR=-1", 501),
        ("FROM:<a@x.example> HOLDFOR=", 501),
        ("FROM:<a@x.example> HOLDFOR=1234567890", 501),
        ("FROM:<a@x.example> HOLDFOR=9 HOLDUNTIL=2026-12-01T00:00:00Z", 501),
        ("FROM:<a@x.example> HOLDFOR=9 HOLDFOR=9", 501),
        ("FROM:<a@x.example> HOLDUNTIL=2026-12-01", 501),
        ("FROM:<a@x.example> HOLDUNTIL=2026-02-30T00:00:00Z", 501),
        ("FROM:<a@x.example> HOLDUNTIL=0000-01-01T00:00:00Z", 501),
    ],
)  # fmt: skip
def test_a_time_to_leave(argument: str, expected: Envelope | int) -> None:
    """RFC 4865."""
    got = mail(argument, FUTURE)
    assert (got.code if isinstance(got, Reply) else got.envelope) == expected


@pytest.mark.parametrize(
    ("argument", "offer", "code"),
    [
        ("HOLDFOR=10", ALL, 555),  # §4: it was not offered
        ("HOLDUNTIL=2026-12-01T00:00:00Z", ALL, 555),
        ("HOLDFOR", FUTURE, 501),  # §5: each has a value,
        ("HOLDUNTIL", FUTURE, 501),
        ("HOLDFOR=+9", FUTURE, 501),  # of one to nine digits,
        ("HOLDFOR=９", FUTURE, 501),
        ("HOLDUNTIL=2026-12-01T00:00:00", FUTURE, 501),  # or a moment as in RFC 3339: with its zone,
        ("HOLDUNTIL=2026-12-01T00:00Z", FUTURE, 501),  # seconds,
        ("HOLDUNTIL=20261201T000000Z", FUTURE, 501),  # hyphens and colons,
        ("HOLDUNTIL=2026-W49-2T00:00:00Z", FUTURE, 501),
        ("HOLDUNTIL=2026-12-01T00:00:00+9:00", FUTURE, 501),
        ("HOLDUNTIL=2026-12-01T00:00:00+09:00:30", FUTURE, 501),
        ("HOLDUNTIL=2026-12-01T00:00:00Z HOLDUNTIL=2026-12-01T00:00:00Z", FUTURE, 501),  # and stands once
    ],
)
def test_a_time_to_leave_that_is_none(argument: str, offer: Offer, code: int) -> None:
    """RFC 4865 by its sections."""
    got = mail(f"FROM:<a@x.example> {argument}", offer)
    assert isinstance(got, Reply)
    assert got.code == code


@pytest.mark.parametrize(
    ("argument", "held"),
    [
        ("HOLDFOR=000000009", (9, 0.0)),
        ("HOLDUNTIL=2026-12-01T00:00:00.5z", (0, 1_796_083_200.5)),
        ("HOLDUNTIL=2026-11-30T16:00:00-08:00", (0, 1_796_083_200.0)),
    ],
)
def test_forms_of_a_time_to_leave(argument: str, held: tuple[int, float]) -> None:
    got = mail(f"FROM:<a@x.example> {argument}", FUTURE)
    assert not isinstance(got, Reply)
    assert (got.envelope.hold_for, got.envelope.hold_until) == held


def test_size_is_read() -> None:
    assert mail("FROM:<a@x.example> SIZE=77", ALL) == MailCommand(Envelope("a@x.example"), 77)


def test_what_is_not_offered_is_not_recognised() -> None:
    for offer, argument in [
        (Offer(dsn=False), "FROM:<a@x.example> RET=FULL"),
        (Offer(smtputf8=False), "FROM:<a@x.example> SMTPUTF8"),
        (Offer(), "FROM:<a@x.example> HOLDFOR=9"),
        (Offer(), "FROM:<a@x.example> HOLDUNTIL=2026-12-01T00:00:00Z"),
        (Offer(extended=False), "FROM:<a@x.example> SIZE=1"),
    ]:
        got = mail(argument, offer)
        assert isinstance(got, Reply)
        assert got.code == 555
    got_rcpt = rcpt("TO:<a@x.example> NOTIFY=NEVER", Offer(dsn=False), False)
    assert isinstance(got_rcpt, Reply)
    assert got_rcpt.code == 555


@pytest.mark.parametrize(
    ("argument", "smtputf8", "expected"),
    [
        ("TO:<a@x.example>", False, ForwardPath("a@x.example")),
        ("TO:<a@x.example> NOTIFY=never", False, ForwardPath("a@x.example", ("NEVER",))),
        ("TO:<a@x.example> NOTIFY=DELAY,FAILURE", False, ForwardPath("a@x.example", ("DELAY", "FAILURE"))),
        ("TO:<a@x.example> ORCPT=rfc822;a+2Bb@x", False, ForwardPath("a@x.example", (), "rfc822;a+2Bb@x")),
        ("TO:<日@x.example> ORCPT=utf-8;日@x", True, ForwardPath("日@x.example", (), "utf-8;日@x")),
        ("TO:<a@x.example> ORCPT=utf-8;日@x", False, 553),
        ("TO:<a@x.example> ORCPT=rfc822;日@x", True, 501),
        ("TO:<a@x.example> ORCPT=" + "r" * 500 + ";x", False, 501),
        ("TO:<a@x.example> NOTIFY=NEVER,NEVER", False, 501),
        ("TO:<a@x.example> NOTIFY=NEVER,FAILURE", False, 501),
        ("TO:<a@x.example> BODY=7BIT", False, 555),
        ("TO:<>", False, 553),
    ],
)
def test_rcpt(argument: str, smtputf8: bool, expected: ForwardPath | int) -> None:
    got = rcpt(argument, ALL, smtputf8)
    assert (got.code if isinstance(got, Reply) else got) == expected


WORDS = st.sampled_from(["FROM:", "TO:", "<", ">", "a@b.example", " ", "SIZE=", "1", "=", "NOTIFY=", "NEVER", ",", "\u3000", '"', "\\", "日", "+"])  # fmt: skip


@settings(max_examples=300)
@given(st.lists(WORDS, max_size=12).map("".join) | st.text(max_size=40), st.booleans())
def test_no_argument_raises(argument: str, smtputf8: bool) -> None:
    read = mail(argument, ALL)
    assert isinstance(read, Reply | MailCommand)
    path = rcpt(argument, ALL, smtputf8)
    assert isinstance(path, Reply) or "@" in path.address


@settings(max_examples=300)
@given(st.binary(max_size=60))
def test_no_line_raises(line: bytes) -> None:
    read = command(line + b"\r\n")
    if isinstance(read, Command):
        assert read.verb.isalpha()
        assert not any(c < " " or c == "\x7f" for c in read.argument)


@pytest.mark.parametrize("name", ["Postmaster", "postmaster", "POSTMASTER"])
def test_postmaster_needs_no_domain(name: str) -> None:
    """RFC 5321 §4.5.1: RCPT TO:<Postmaster> is understood by everybody."""
    offer = Offer(postmaster="us.example")
    read = rcpt(f"TO:<{name}> NOTIFY=NEVER", offer, False)
    assert read == ForwardPath(f"{name}@us.example", ("NEVER",))
    assert isinstance(rcpt("TO:<bob>", offer, False), Reply)
    assert isinstance(rcpt(f"TO:<{name}>", Offer(), False), Reply), "nobody's, when we have no domain"
