"""The bytes of MAIL and RCPT, and what may go where which extension is offered."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gateway.deliver.lines import (
    BAD_ADDRESS,
    NEEDS_8BIT,
    NEEDS_UTF8,
    NEEDS_UTF8_HEADER,
    mail_line,
    rcpt_line,
    unfit,
)
from mail.address import AddressError, parse
from mail.envelope import Envelope, ForwardPath
from mail.reply import Reply

ALL = {"8bitmime": "", "smtputf8": "", "dsn": "", "size": "1000", "pipelining": ""}
FULL = Envelope("a@b.example", ret="HDRS", envid="id+2B1", body="8BITMIME")


@pytest.mark.parametrize(
    ("envelope", "offered", "line"),
    [
        (FULL, ALL, b"MAIL FROM:<a@b.example> BODY=8BITMIME SIZE=7 RET=HDRS ENVID=id+2B1\r\n"),
        (FULL, {}, b"MAIL FROM:<a@b.example>\r\n"),
        (FULL, {"dsn": ""}, b"MAIL FROM:<a@b.example> RET=HDRS ENVID=id+2B1\r\n"),
        (FULL, {"size": ""}, b"MAIL FROM:<a@b.example> SIZE=7\r\n"),
        (Envelope(""), ALL, b"MAIL FROM:<> SIZE=7\r\n"),
        (Envelope("a@b.example", smtputf8=True), ALL, b"MAIL FROM:<a@b.example> SMTPUTF8 SIZE=7\r\n"),
        (Envelope("a@b.example", smtputf8=True), {}, b"MAIL FROM:<a@b.example>\r\n"),
        (Envelope("\u5c71\u7530@b.example", smtputf8=True), {"smtputf8": ""}, "MAIL FROM:<\u5c71\u7530@b.example> SMTPUTF8\r\n".encode()),
        (Envelope("\u5c71\u7530@b.example", smtputf8=True), {}, NEEDS_UTF8),
        (Envelope("\u5c71\u7530@b.example"), ALL, NEEDS_UTF8),
        (Envelope("a..b.@docomo.ne.jp"), {}, b"MAIL FROM:<a..b.@docomo.ne.jp>\r\n"),
        (Envelope('"a<b>\\"c"@b.example'), {}, b'MAIL FROM:<"a<b>\\"c"@b.example>\r\n'),
    ],
)  # fmt: skip
def test_mail(envelope: Envelope, offered: dict[str, str], line: bytes | Reply) -> None:
    assert mail_line(envelope, offered, 7) == line


@pytest.mark.parametrize(
    ("path", "offered", "line"),
    [
        (ForwardPath("x@y.example", ("SUCCESS", "DELAY"), "rfc822;x+40y"), ALL, b"RCPT TO:<x@y.example> NOTIFY=SUCCESS,DELAY ORCPT=rfc822;x+40y\r\n"),
        (ForwardPath("x@y.example", ("NEVER",), "rfc822;x+40y"), {}, b"RCPT TO:<x@y.example>\r\n"),
        (ForwardPath("x@y.example"), ALL, b"RCPT TO:<x@y.example>\r\n"),
        (ForwardPath("x@y.example", (), "utf-8;\u5c71"), ALL, b"RCPT TO:<x@y.example>\r\n"),
        (ForwardPath(""), ALL, BAD_ADDRESS),
        (ForwardPath("\u5c71@y.example"), ALL, NEEDS_UTF8),
    ],
)  # fmt: skip
def test_rcpt(path: ForwardPath, offered: dict[str, str], line: bytes | Reply) -> None:
    assert rcpt_line(path, offered) == line


@pytest.mark.parametrize(
    "address",
    [
        "x@y.example>\r\nRCPT TO:<evil@z.example", "x\r\n@y.example", "x@y.example\n", '"x\r <y@evil.example>"@corp.example',
        "x@y.example SIZE=1", "x y@z.example", "<x@y.example>", "x@y.example\0", "x", "@y.example", "x@", "x@y.example,z@y.example",
        "x@y.ex\u0085ample", "\ud800@y.example", "=?utf-8?b?YQ0K?=@b.example", '"a\x7f"@b.example', "a@b.example.",
    ],
)  # fmt: skip
@pytest.mark.parametrize("utf8", [False, True])
def test_an_address_that_could_say_something_else_is_not_written(address: str, utf8: bool) -> None:
    """A5, A6: whatever an earlier reader thought of it."""
    assert isinstance(rcpt_line(ForwardPath(address), ALL, utf8), Reply)
    assert isinstance(mail_line(Envelope(address, smtputf8=utf8), ALL), Reply)


@pytest.mark.parametrize("word", ["x\r\nDATA", "x y", "x\0", "x\t", "x\u0085"])
def test_a_parameter_that_could_say_something_else_is_not_written(word: str) -> None:
    for envelope in (Envelope("a@b.example", ret=word), Envelope("a@b.example", envid=word)):
        line = mail_line(envelope, ALL)
        assert line == BAD_ADDRESS or (isinstance(line, bytes) and "\u0085" in word)
    assert rcpt_line(ForwardPath("x@y.example", orcpt=word), ALL) in (
        BAD_ADDRESS,
        b"RCPT TO:<x@y.example>\r\n",
    )
    assert rcpt_line(ForwardPath("x@y.example", notify=(word,)), ALL) == BAD_ADDRESS or "\u0085" in word


PIECES = st.lists(st.sampled_from(['a', '"', '\\', '<', '>', '@', ' ', '\r', '\n', '\0', '.', ',', '(', 'b.example', '\u5c71', '[', ']', ':']), max_size=9)  # fmt: skip


@given(PIECES)
@settings(max_examples=500)
def test_what_is_written_is_what_was_parsed(parts: list[str]) -> None:
    """T15: one grammar at the door and at the exit, and the path on the wire is the address, byte for byte."""
    text = "".join(parts)
    line = rcpt_line(ForwardPath(text), ALL, utf8=True)
    try:
        address = parse(text, smtputf8=True, lenient_dots=True)
    except AddressError:
        address = ""
    if isinstance(line, bytes):
        assert line == b"RCPT TO:<" + text.encode() + b">\r\n"
        assert text == address
        assert not any(byte < 32 or byte == 127 for byte in line[:-2])
    else:
        assert address != text or not text


@pytest.mark.parametrize(
    ("envelope", "content", "offered", "refusal"),
    [
        (Envelope("", body="8BITMIME"), b"S: x\r\n\r\n\xff\r\n", {}, NEEDS_8BIT),
        (Envelope("", body="8BITMIME"), b"S: x\r\n\r\n7\r\n", {}, None),
        (Envelope("", body="8BITMIME"), b"S: x\r\n\r\n\xff\r\n", {"8bitmime": ""}, None),
        (Envelope(""), b"S: x\r\n\r\n\xff\r\n", {}, None),
        (Envelope("", body="BINARYMIME"), b"S: x\r\n\r\n7\r\n", ALL, NEEDS_8BIT),
        (Envelope("", smtputf8=True), b"S: \xe5\xb1\xb1\r\n\r\nx\r\n", {}, NEEDS_UTF8_HEADER),
        (Envelope("", smtputf8=True), b"S: x\r\n\r\n\xe5\xb1\xb1\r\n", {}, None),
        (Envelope("", smtputf8=True, body="8BITMIME"), b"S: x\r\n\r\n\xe5\xb1\xb1\r\n", {}, NEEDS_8BIT),
        (Envelope("", smtputf8=True), b"S: \xe5\xb1\xb1\r\n\r\nx\r\n", {"smtputf8": ""}, None),
    ],
)  # fmt: skip
def test_unfit(envelope: Envelope, content: bytes, offered: dict[str, str], refusal: Reply | None) -> None:
    assert unfit(envelope, [content], offered) == refusal
    assert unfit(envelope, [content[:9], memoryview(content)[9:]], offered) == refusal
