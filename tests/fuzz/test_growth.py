"""Hostile mails through the whole checkpoint, both directions: four times the mail takes about four times as long.

Single patterns are searched without a clock (tests/patterns); this is for everything else: loops, copies, readers.
"""

import base64
import io
import zipfile
from collections.abc import Callable

import pytest

from filters.examine import run
from tests.filters.mails import SHIPPED, attached, facts
from tests.growth import BAR, growth

US = "sato@us.example"


def mail(
    body: str = "x",
    *,
    subject: str = "資料",
    author: str = "a@x.example",
    to: str = US,
    kind: str = "text/plain; charset=utf-8",
    extra: str = "",
) -> bytes:
    lines = body.replace("\r\n", "\n").replace("\n", "\r\n")
    return (
        f"From: {author}\r\nTo: {to}\r\nSubject: {subject}\r\nDate: Mon, 1 Jan 2024 10:00:00 +0900\r\n"
        f"Message-ID: <2@x.example>\r\n{extra}MIME-Version: 1.0\r\nContent-Type: {kind}\r\n\r\n{lines}\r\n"
    ).encode()


def text(piece: str) -> Callable[[int], bytes]:
    return lambda size: mail("いつもお世話になっております。\n" + piece * (size // len(piece)))


def page(piece: str, begins: str = "<p>") -> Callable[[int], bytes]:
    return lambda size: mail(begins + piece * (size // len(piece)), kind="text/html; charset=utf-8")


def header(name: str, piece: str, **more: str) -> Callable[[int], bytes]:
    return lambda size: mail(**{name: piece * (size // len(piece))}, **more)  # type: ignore[arg-type]


def file(name: str, piece: str | bytes, begins: bytes = b"", wrapped: bool = False) -> Callable[[int], bytes]:
    octets = piece.encode() if isinstance(piece, str) else piece

    def make(size: int) -> bytes:
        content = begins + octets * (size // len(octets))
        return attached(("a.zip", packed({name: content})) if wrapped else (name, content), to=US)

    return make


def packed(members: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return out.getvalue()


def office(part: str, piece: bytes, begins: bytes = b"") -> Callable[[int], bytes]:
    return lambda size: attached(
        ("a.docx", packed({"[Content_Types].xml": b"<Types/>", part: begins + piece * (size // len(piece))})),
        to=US,
    )


def lines(line: Callable[[int], str], between: str = "\n") -> Callable[[int], bytes]:
    return lambda size: mail(between.join(map(line, range(size // 20))))


def parts(part: str) -> Callable[[int], bytes]:
    return lambda size: mail(f"--b\n{part}\n" * (size // 20) + "--b--", kind="multipart/mixed; boundary=b")


MAILS: dict[str, Callable[[int], bytes]] = {
    # what was quadratic once, with the place where it stood
    "url: blank lines": file("a.url", "\n", b"[InternetShortcut]\n", wrapped=True),
    "bat: blank lines": file("a.txt", " \n", wrapped=True),
    "csv: tabs": file("a.csv", "\t", wrapped=True),
    "csv: cells that begin a program": file("a.csv", "=cmd|\t"),
    "vcf: properties": file("a.vcf", "N;ENCODING=QUOTED-PRINTABLE", b"BEGIN:VCARD\n"),
    "html: href and blanks": file("a.html", "\u3000", b"<html><a href ="),
    "docx: tags": office("word/document.xml", b"<w:br ", b"<w:document>"),
    "docx: fields": office("word/document.xml", b"<w:instrText ", b"<w:document>"),
    "docx: relationships": office("word/_rels/document.xml.rels", b"<Relationship ", b"External"),
    "text: Cyrillic": text("ԯ"),
    "text: marks in one line": text("社外秘 "),
    "text: marks on lines": text("社外秘\n"),
    "text: disguised words": text("大工ロクイン"),
    "text: yEnc": header("body", "=ybegin aname="),
    "text: template": text("[randrand1"),
    "text: blanks at the end": text(" \u3000"),
    "subject: brackets": header("subject", "[num1"),
    "from: parentheses": header("author", "("),
    "from: letters": header("author", "aB1"),
    "from: before the @": lambda size: mail(author="1z" * (size // 2) + "@x.example"),
    "to: letters": header("to", "a"),
    "to: dots and blanks": header("to", ".  "),
    # the usual suspects
    "text: a": text("a"),
    "text: angles": text("> "),
    "text: links": lines(lambda n: f"https://h{n}.example/{n}"),
    "text: addresses": lines(lambda n: f"a{n}@x{n}.example", ", "),
    "text: people": lines(lambda n: f"山田太郎 様 090-1234-{n:04} 東京都港区芝{n}-1-1"),
    "text: passwords": lines(lambda n: f"ID: tanaka{n}\nパスワード: Xy7#kLm{n}"),
    "text: cards": lines(lambda n: "4111-1111-1111-1111", " "),
    "text: phrases": text("アカウントがロックされました。至急ご確認ください。"),
    "text: no width": text("ac\u200bcount "),
    "text: marks that combine": text("e\u0301\u0301"),
    "text: half-width": text("ﾊﾟｽﾜｰﾄﾞ "),
    "page: links": page("<a href='https://a.example/'>b.example</a>"),
    "page: angles": page("<"),
    "page: hidden": page("<i style='display:none'>x</i>あ"),
    "page: attributes": page("a=b ", "<a "),
    "page: conditional comments": page("<!--[if mso]><p>x</p><![endif]-->"),
    "page: styles": page(".a{color:red}", "<style>"),
    "header: encoded words": header("subject", "=?utf-8?b?44GC?= "),
    "header: addresses": lambda size: mail(to=",\r\n ".join(f"a{n}@x.example" for n in range(size // 20))),
    "header: fields": lambda size: mail(extra="X-A: b\r\n" * (size // 8)),
    "header: comments": header("to", "(a)"),
    "header: quotes": header("to", '"<'),
    "header: parameters": header("kind", "; a=b", body="x"),
    "parts: texts": parts("Content-Type: text/plain\n\nx"),
    "parts: files": parts("Content-Disposition: attachment; filename=a.exe\n\nMZ"),
    "parts: delimiters": parts("--bx"),
    "rtf: groups": file("a.rtf", "{\\b x}", b"{\\rtf1 "),
    "rtf: objects": file("a.rtf", "{\\objdata 0105", b"{\\rtf1 "),
    "eml": file("a.eml", "a: b\r\n", b"From: a@x.example\r\nSubject: x\r\n"),
    "svg": file("a.svg", "<a href='x'><script>", b"<svg xmlns='http://www.w3.org/2000/svg'>"),
    "xml": file("a.xml", "<a>", b"<?xml version='1.0'?>"),
    "zip": lambda size: attached(("a.zip", packed({f"{n}.txt": b"x" for n in range(size // 80)})), to=US),
    "base64": lambda size: mail(base64.encodebytes(b"x" * size).decode(), extra="Content-Transfer-Encoding: base64\r\n"),
}  # fmt: skip


@pytest.mark.parametrize("name", MAILS)
@pytest.mark.parametrize("direction", ["inbound", "outbound"])
def test_a_hostile_mail_costs_no_more_than_it_is_long(name: str, direction: str) -> None:
    about = facts(US, direction="inbound") if direction == "inbound" else facts()
    assert growth(MAILS[name], lambda raw: run(raw, about, SHIPPED), SIZE) < BAR


SIZE = 16_000
