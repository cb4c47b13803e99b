"""Lines of more than 998 octets become shorter ones that say the same; whatever cannot stays as it is."""

import base64
import quopri

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mail.ambiguity import ambiguities
from mail.compose import applied
from mail.long_lines import LONGEST, long_line, shortened
from mail.message import Message

HEAD = b"From: a@us.example\r\nTo: b@x.example\r\nSubject: s\r\nMessage-ID: <1@us.example>\r\n"
MIME = HEAD + b"MIME-Version: 1.0\r\n"


def broken(raw: bytes) -> bytes:
    return applied(raw, [edit for group in shortened(Message(raw)).groups for edit in group])


def mixed(*parts: bytes, kind: str = "mixed") -> bytes:
    head = MIME + f"Content-Type: multipart/{kind}; boundary=b\r\n\r\n".encode()
    return head + b"".join(b"--b\r\n" + part + b"\r\n" for part in parts) + b"--b--\r\n"


def check(raw: bytes) -> bytes:
    after = broken(raw)
    old, new = Message(raw), Message(after)
    assert long_line(after) < 0
    assert max(map(len, after.split(b"\r\n"))) <= LONGEST
    assert after.count(b"\r\n") == after.count(b"\n") == after.count(b"\r")
    assert [(p.path, p.content_type) for p in old.parts] == [(p.path, p.content_type) for p in new.parts]
    assert [p.content() for p in old.parts if not p.children] == [
        p.content() for p in new.parts if not p.children
    ]
    assert [a.name for a in ambiguities(new)] == [a.name for a in ambiguities(old)]
    return after


LONG = b"word " * 300
FILE = b"%PDF-1.4 " + bytes(range(1, 10)) + b"x" * 1200
BODIES = {
    "no MIME": HEAD + b"\r\n" + LONG + b"\r\nnext\r\n",
    "one long line": HEAD + b"\r\n" + b"x" * 3000 + b"\r\n",
    "blanks at the end": HEAD + b"\r\n" + LONG + b"  \r\n\t\r\nnext \r\n",
    "dots and From": HEAD + b"\r\n.\r\nFrom here\r\n" + LONG + b"\r\n..\r\n",
    "raw JIS": HEAD + b"\r\n" + "日本語の文章。".encode("iso-2022-jp") * 90 + b"\r\n",
    "raw UTF-8": HEAD + b"\r\n" + "日本語の文章。".encode() * 90 + b"\r\n",
    "text": MIME + b"Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: 8bit\r\n\r\n" + "é = ".encode() * 300 + b"\r\n",
    "twice the same encoding": MIME + b"Content-Transfer-Encoding: 8bit\r\nContent-Transfer-Encoding: 8bit\r\n\r\n" + LONG + b"\r\n",
    "an encoding that is none": MIME + b"Content-Transfer-Encoding: 8bits\r\n\r\n" + LONG + b"\r\n",
    "quoted-printable": MIME + b"Content-Transfer-Encoding: quoted-printable\r\n\r\n" + b"word=20" * 300 + b"\r\n",
    "base64 in one line": MIME + b"Content-Type: application/pdf\r\nContent-Transfer-Encoding: base64\r\n\r\n" + base64.b64encode(FILE) + b"\r\n",
    "base64 of a text": MIME + b"Content-Transfer-Encoding: base64\r\n\r\n" + base64.b64encode(LONG) + b"\r\n",
    "parts": mixed(b"\r\nhi", b"Content-Type: text/html\r\n\r\n<p>" + LONG + b"</p>", b"Content-Type: application/x\r\n\r\n" + b"x" * 1500),
    "alternatives": mixed(b"\r\n" + LONG, b"Content-Type: text/html\r\n\r\n<p>" + LONG + b"</p>", kind="alternative"),
    "a mail in it": mixed(b"\r\nhi", b"Content-Type: message/rfc822\r\n\r\n" + HEAD + b"\r\n" + LONG + b"\r\n"),
    "a signed mail sent on": mixed(b"\r\n" + LONG, b"Content-Type: application/pkcs7-mime\r\nContent-Transfer-Encoding: base64\r\n\r\n" + base64.b64encode(b"\x30" * 1500)),
    "recipients on one line": b"Cc: " + b", ".join(b'"Person, %d" <p%d@x.example>' % (n, n) for n in range(60)) + b"\r\n" + HEAD + b"\r\nhi\r\n",
    "a subject on one line": HEAD.replace(b"Subject: s", b"Subject: " + LONG.strip()) + b"\r\nhi\r\n",
}  # fmt: skip


@pytest.mark.parametrize("name", BODIES)
def test_what_is_written_anew_says_the_same(name: str) -> None:
    raw = BODIES[name]
    assert long_line(raw) >= 0
    result = shortened(Message(raw))
    assert result.groups
    assert not result.left
    check(raw)


def test_only_what_is_too_long_is_touched() -> None:
    raw = mixed(b"\r\nhi", b"Content-Type: text/html\r\n\r\n" + LONG)
    after = check(raw)
    assert after.startswith(raw[: raw.index(b"<") + 1])
    assert b"\r\n\r\nhi\r\n--b\r\n" in after
    quiet = MIME + b"\r\n" + b"x" * LONGEST + b"\r\n"
    assert shortened(Message(quiet)) == shortened(Message(b""))


def test_a_japanese_text_without_a_label_gets_one() -> None:
    for charset in ("iso-2022-jp", "utf-8"):
        raw = HEAD + b"\r\n" + "日本語の文章。".encode(charset) * 90 + b"\r\n"
        assert f"charset={charset}".encode() in check(raw)


LEFT = {
    "signed": (mixed(b"\r\n" + LONG, b"Content-Type: application/pgp-signature\r\n\r\nx", kind="signed"), True),
    "field of one word": (b"References: " + b"<1@us.example>" * 90 + b"\r\n" + HEAD + b"\r\nhi\r\n", False),
    "between parts": (MIME + b"Content-Type: multipart/mixed; boundary=b\r\n\r\n" + LONG + b"\r\n--b\r\n\r\nhi\r\n--b--\r\n", False),
    "delivery status": (mixed(b"\r\nhi", b"Content-Type: message/delivery-status\r\n\r\nDiagnostic-Code: " + LONG), False),
    "damaged base64": (MIME + b"Content-Transfer-Encoding: base64\r\n\r\n" + b"A" * 1401 + b"\r\n", False),
}  # fmt: skip


@pytest.mark.parametrize("name", LEFT)
def test_what_cannot_be_changed_stays(name: str) -> None:
    raw, signed = LEFT[name]
    result = shortened(Message(raw))
    assert not result.groups
    assert result.left
    assert result.signed == signed


def test_what_is_beside_a_signed_part_is_written_anew() -> None:
    inner = (
        b"Content-Type: multipart/signed; boundary=s\r\n\r\n--s\r\n\r\n"
        + LONG
        + b"\r\n--s\r\n\r\nx\r\n--s--\r\n"
    )
    raw = mixed(b"\r\n" + LONG, inner)
    result = shortened(Message(raw))
    assert (len(result.groups), result.left, result.signed) == (1, ("2.1",), True)
    assert inner in broken(raw)


pieces = st.one_of(
    st.binary(min_size=0, max_size=1500).map(lambda b: b.translate(None, b"\r\n\0")),
    st.text(st.sampled_from("aZ =.\té日①ｱ"), max_size=700).map(lambda t: t.encode()),
    st.sampled_from([LONG, b"x" * 999, b"x" * 998, b"", b".", b"From x", b"--b", b" ", b"=20", b"=\t"]),
)


@given(
    st.lists(pieces, min_size=1, max_size=6),
    st.sampled_from(["text/plain; charset=utf-8", "text/html", "application/x", "image/png", "text/plain; charset=iso-2022-jp"]),
    st.sampled_from(["7bit", "8bit", "binary", "quoted-printable", "base64", "8bits"]),
    st.booleans(),
)  # fmt: skip
@settings(max_examples=250, deadline=None, derandomize=True)
def test_law_the_octets_are_the_same(lines: list[bytes], kind: str, encoding: str, inside: bool) -> None:
    """Whatever stands in a part, and however it is encoded: what is written anew is decoded to the same octets."""
    body = b"\r\n".join(lines)
    if encoding == "base64":
        body = base64.b64encode(body)
    elif encoding == "quoted-printable":
        body = quopri.encodestring(body).replace(b"=\n", b"").replace(b"\r\n", b"\n").replace(b"\n", b"\r\n")
    part = f"Content-Type: {kind}\r\nContent-Transfer-Encoding: {encoding}\r\n\r\n".encode() + body
    raw = mixed(b"\r\nhi", part) if inside else MIME + part + b"\r\n"
    old, result = Message(raw), shortened(Message(raw))
    new = Message(broken(raw))
    assert [(p.path, p.content_type) for p in old.parts] == [(p.path, p.content_type) for p in new.parts]
    assert [p.content() for p in old.parts if not p.children] == [
        p.content() for p in new.parts if not p.children
    ]
    assert long_line(new.view) < 0 or result.left


@given(
    st.lists(
        st.sampled_from(["word", "=?utf-8?q?x?=", '"a b"', "x" * 400, "", "y" * 1200, "<a@b.example>,"]),
        max_size=40,
    )
)
@settings(max_examples=200, deadline=None, derandomize=True)
def test_law_a_folded_field_says_the_same(words: list[str]) -> None:
    raw = b"X-Field: " + " ".join(words).encode() + b"\r\n" + HEAD + b"\r\nhi\r\n"
    old, new = Message(raw), Message(broken(raw))
    assert [(h.name, h.value) for h in old.headers] == [(h.name, h.value) for h in new.headers]
    assert all(line.strip() for line in bytes(new.view[: new.header_end - 2]).split(b"\r\n")[:-1])
