"""Lines put into text parts: nothing else changes."""

import base64
import email
import quopri

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from filters.rewriters.insertion import as_utf8, inserted, is_sealed, quoted_printable, shown_parts
from mail.charset import decode, normalise
from mail.compose import applied
from mail.encoding import base64_lines
from mail.message import Message

PLAIN, HTML = "＊注意＊\r\n", "<b>!</b>\r\n"


def part(body: bytes, kind: str, encoding: str) -> bytes:
    return (
        f"Content-Type: {kind}; charset=utf-8\r\nContent-Transfer-Encoding: {encoding}\r\n\r\n".encode()
        + body
    )


@given(st.binary(max_size=120), st.sampled_from(["8bit", "base64", "quoted-printable"]), st.booleans())
@settings(max_examples=200)
def test_the_decoded_part_is_the_old_one_with_the_new_lines_in_it(
    data: bytes, encoding: str, html: bool
) -> None:
    data = data.replace(b"\0", b"").replace(b"\r", b"").replace(b"\n", b"\r\n")
    body = {
        "8bit": data,
        "base64": base64.encodebytes(data),
        "quoted-printable": quoted_printable(data),
    }[encoding]
    raw = part(body, "text/html" if html else "text/plain", encoding)
    before = Message(raw).root
    written = Message(applied(raw, inserted(before, PLAIN, HTML))).root
    after, old = written.content(), before.content()
    if not html and after == (PLAIN + before.text().removeprefix("\ufeff")).encode():
        return  # it was not UTF-8, and is now
    new = (HTML if html else PLAIN).encode()
    assert len(after) == len(old) + len(new) or old[:2] in (b"\xff\xfe", b"\xfe\xff")
    at = after.find(new)
    assert at < 0 or after[:at] + after[at + len(new) :] == old or after.count(new) > 1


@pytest.mark.parametrize(
    "body",
    [
        b"a=3Db=\r\nc\r\n<body>=20x\r\n",
        b"<body>=\r\nrest",
        b"<ht=\r\nml><body class=3D'x'>text\r\n",
        b"line  \r\n<body>x",
        b"=E3=81=82<body>=E3=81=84",
    ],
)
def test_quoted_printable_stays_as_it_was_written(body: bytes) -> None:
    raw = part(body, "text/html", "quoted-printable")
    before = Message(raw).root
    edits = inserted(before, PLAIN, HTML)
    after = Message(applied(raw, edits)).root.content()
    content = before.content()
    at = content.find(b"<body") if b"<body" in content else 0
    assert after.replace(HTML.encode(), b"", 1) == content
    assert after.find(HTML.encode()) >= at or not content.startswith(b"<")


PRINTABLE = bytes(range(0x21, 0x7F)) + b" \t"
QUOTED = b"= \t\r\n.\xff~A"


@given(
    st.binary(max_size=300)
    | st.lists(st.sampled_from([bytes((b,)) for b in QUOTED]), max_size=300).map(b"".join)
)
def test_quoted_printable_keeps_every_octet_and_breaks_no_line(data: bytes) -> None:
    """RFC 2045 §6.7: lone CRs and LFs are octets like others."""
    encoded = quoted_printable(data)
    assert b"\r" not in encoded.replace(b"\r\n", b"")
    assert b"\n" not in encoded.replace(b"\r\n", b"")
    for line in encoded.split(b"\r\n"):
        assert len(line) <= 76
        assert not line.endswith((b" ", b"\t"))
        assert not line.strip(PRINTABLE)
    assert quopri.decodestring(encoded) == data


@given(st.binary(max_size=300))
def test_what_we_encode_reads_back(data: bytes) -> None:
    data = data.replace(b"\r", b"").replace(b"\n", b"\r\n")
    encoded = quoted_printable(data)
    assert quopri.decodestring(encoded) == data
    assert all(len(line) <= 76 for line in encoded.split(b"\r\n"))
    assert base64.b64decode(base64_lines(data)) == data


def test_wide_charsets_and_unknown_encodings_are_left_alone() -> None:
    wide = part("<body>x".encode("utf-16"), "text/html", "8bit")
    assert inserted(Message(wide).root, PLAIN, HTML) == []
    odd = part(b"begin 644 x\r\n", "text/plain", "x-uuencode")
    assert inserted(Message(odd).root, PLAIN, HTML) == []


def test_a_byte_order_mark_stays_first() -> None:
    raw = part(b"\xef\xbb\xbftext", "text/plain", "8bit")
    assert (
        Message(applied(raw, inserted(Message(raw).root, PLAIN, HTML)))
        .root.content()
        .startswith(b"\xef\xbb\xbf" + PLAIN.encode())
    )


def test_the_parts_that_are_shown_first() -> None:
    raw = (
        b"Content-Type: multipart/related; boundary=r\r\n\r\n--r\r\nContent-Type: multipart/alternative; boundary=a\r\n\r\n--a\r\n\r\nx\r\n--a\r\n"
        b"Content-Type: text/html\r\n\r\n<p>\r\n--a--\r\n--r\r\nContent-Type: text/html\r\n\r\n<p>second\r\n--r--\r\n"
    )
    assert [p.path for p in shown_parts(Message(raw))] == ["1.1", "1.2"]
    assert not is_sealed(Message(raw))


def test_a_mail_inside_a_mail_is_not_touched() -> None:
    raw = b"Content-Type: multipart/mixed; boundary=m\r\n\r\n--m\r\nContent-Type: message/rfc822\r\n\r\nSubject: x\r\n\r\ninner\r\n--m--\r\n"
    assert shown_parts(Message(raw)) == []


JAPANESE = st.text(
    alphabet="お世話になっております。今月の請求書①②㈱№℡髙﨑纊ｱｲｳﾞ～〜－―∥¢£ａｂｃ123 abc\u3000、「」・…⑳Ⅲ㌔㍻",
    min_size=12,
    max_size=60,
)
"""What Japanese mail programs write under the name of ISO-2022-JP and Shift_JIS."""
BANNERS = ["注意 ①㈱ｱｲｳ髙﨑～－\r\n", "注意：不審なメールです。\r\n", "Caution – naïve\r\n", "Caution\r\n"]


def jis(text: str) -> bytes:
    """As CP50221 writes it: cp932 turned into JIS by arithmetic, half-width kana behind ESC ( I."""
    out = b""
    for char in text:
        raw = char.encode("cp932")
        if len(raw) == 2:
            lead, trail = raw
            row = (lead - (0x81 if lead < 0xA0 else 0xC1)) * 2 + 0x21
            pair = (row + 1, trail - 0x7E) if trail >= 0x9F else (row, trail - 0x1F - (trail >= 0x80))
            out += b"\x1b$B" + bytes(pair) + b"\x1b(B"
        else:
            out += raw if raw < b"\x80" else b"\x1b(I" + bytes([raw[0] & 0x7F]) + b"\x1b(B"
    return out.replace(b"\x1b(B\x1b$B", b"")


def on_screen(raw: bytes) -> str:
    """As a mail program of another house reads it: by its label, as the WHATWG Encoding Standard reads labels."""
    part = email.message_from_bytes(raw)
    data = part.get_payload(decode=True)
    assert isinstance(data, bytes)
    label = part.get_content_charset("us-ascii")
    if label == "iso-2022-jp":
        return decode(data, label)  # Python's codec lacks what everybody else reads
    if label == "iso-8859-1":
        return "".join(bytes([octet]).decode("cp1252", "ignore") or chr(octet) for octet in data)
    return data.decode({"shift_jis": "cp932"}.get(label, label))


@given(
    JAPANESE,
    st.sampled_from(["jis", "cp932", "euc", "utf-8"]),
    st.sampled_from(
        ["", "us-ascii", "utf-8", "iso-8859-1", "iso-2022-jp", "shift_jis", "euc-jp", "x-unknown"]
    ),
    st.sampled_from(BANNERS),
    st.booleans(),
)
@example("こんにちは！世界。よろしく", "jis", "", BANNERS[0], True)
@example("①㈱ｱｲｳ 髙﨑さま、お世話になっております", "jis", "iso-2022-jp", BANNERS[0], False)
@settings(max_examples=400, deadline=None)
def test_a_banner_and_the_text_below_it_read_right(
    text: str, written: str, label: str, banner: str, bare: bool
) -> None:
    """Whatever it is written in, labelled or not, with MIME fields or from before MIME: what was read is read below."""
    try:
        body = {"jis": jis, "cp932": lambda t: t.encode("cp932"), "euc": lambda t: t.encode("euc_jp"), "utf-8": str.encode}[
            written
        ](f"{text}\r\n")  # fmt: skip
    except UnicodeEncodeError:
        return
    head = b"From: a@x.example\r\n" + (b"" if bare else b"MIME-Version: 1.0\r\n")
    head += f"Content-Type: text/plain; charset={label}\r\n".encode() if label else b""
    before = Message(head + b"\r\n" + body).root
    read = before.text()
    edits = inserted(before, banner, HTML) or as_utf8(before, "text/plain", banner + read)
    after = applied(before.view.obj, edits)
    assert "\ufffd" not in read
    shown = on_screen(after)
    if label == "iso-8859-1" and banner.isascii() and written != "jis":
        assert shown == banner + on_screen(before.view.obj)  # as it was: octets that our guess may misread
        return
    assert shown.endswith(read)
    assert normalise(shown[: -len(read)])[0] == normalise(banner)[0]


@pytest.mark.parametrize("charset", ["", "us-ascii", "utf-8", "iso-8859-1", "shift_jis", "gb2312"])
@pytest.mark.parametrize("banner", [PLAIN, "Caution\r\n"])
def test_a_text_that_is_not_in_the_charset_of_its_label_stays_legible(charset: str, banner: str) -> None:
    """Raw ISO-2022-JP became UTF-8 that holds its escape sequences: unreadable everywhere."""
    label = f"Content-Type: text/plain; charset={charset}\r\n" if charset else ""
    raw = b"From: a@x.example\r\n" + label.encode() + b"\r\n" + "こんにちは、世界。\r\n".encode("iso-2022-jp")
    after = Message(applied(raw, inserted(Message(raw).root, banner, HTML))).root
    assert after.text() == banner + "こんにちは、世界。\r\n"
    assert after.content().decode("utf-8").startswith(banner)
