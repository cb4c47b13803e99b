"""The mails that are sent: each differs in Message-ID, subject, text and document; the same seed makes the same mails."""

import base64
import io
import random
import zipfile
from collections.abc import Callable, Iterator

SENDER = "taro@example.co.jp"
OUTSIDER = "partner@partner.example.jp"

_WORDS = (
    "お世話になっております", "来週の打合せについて", "資料を確認いたしました", "見積書の件", "納期は変わりません", "担当の者から",
    "ご連絡いたします", "会議室は三階です", "議事録をまとめました", "よろしくお願いいたします", "展示会の準備", "新しい工程",
    "部品の寸法", "試験の結果", "次回の日程", "現場の写真", "進み具合", "駅から歩いて五分", "午後三時", "図面の修正",
    "the schedule", "for your reference", "as discussed", "next meeting", "drawing A-12", "test report", "kind regards",
)  # fmt: skip


def text(chance: random.Random, characters: int) -> str:
    """Japanese business prose with some English: words, punctuation, lines."""
    out: list[str] = []
    size = 0
    while size < characters:
        words = [chance.choice(_WORDS) for _ in range(chance.randint(2, 5))]
        sentence = (
            "、".join(words) + f"({chance.randint(1, 999)})。" + ("\n" if chance.random() < 0.3 else "")
        )
        out.append(sentence)
        size += len(sentence)
    return "".join(out)[:characters]


def docx(chance: random.Random, characters: int, picture: int) -> bytes:
    """A Word document of so much text in paragraphs of some runs, with a picture of so many bytes."""
    paragraphs = []
    for line in text(chance, characters).split("\n"):
        runs = [line[i : i + 40] for i in range(0, len(line), 40)]
        body = "".join(f'<w:r><w:rPr><w:sz w:val="21"/></w:rPr><w:t>{run}</w:t></w:r>' for run in runs)
        paragraphs.append(f"<w:p>{body}</w:p>")
    name = "http://schemas.openxmlformats.org"
    document = f'<w:document xmlns:w="{name}/wordprocessingml/2006/main"><w:body>{"".join(paragraphs)}</w:body></w:document>'
    main = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
    types = (
        f'<Types xmlns="{name}/package/2006/content-types"><Default Extension="jpeg" ContentType="image/jpeg"/>'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        f'<Override PartName="/word/document.xml" ContentType="{main}"/></Types>'
    )
    links = (
        f'<Relationships xmlns="{name}/package/2006/relationships"><Relationship Id="rId1" '
        f'Type="{name}/officeDocument/2006/relationships/officeDocument" Target="word/document.xml"/></Relationships>'
    )
    declaration = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", declaration + types)
        archive.writestr("_rels/.rels", declaration + links)
        archive.writestr("word/document.xml", declaration + document)
        archive.writestr("word/media/image1.jpeg", jpeg(chance, picture), zipfile.ZIP_STORED)
    return out.getvalue()


def jpeg(chance: random.Random, size: int) -> bytes:
    """Bytes that begin and end as a JPEG does."""
    return (
        b"\xff\xd8\xff\xe0\x00\x10JFIF\x00\x01\x01\x00\x00\x01\x00\x01\x00\x00"
        + chance.randbytes(size)
        + b"\xff\xd9"
    )


def encoded(data: bytes) -> bytes:
    """base64 in lines of 76 with CRLF."""
    return base64.encodebytes(data).replace(b"\n", b"\r\n")


def part(data: bytes, kind: str, name: str = "") -> bytes:
    disposition = f'Content-Disposition: attachment; filename="{name}"\r\n' if name else ""
    head = f"Content-Type: {kind}\r\nContent-Transfer-Encoding: base64\r\n{disposition}\r\n"
    return head.encode() + encoded(data)


def mail(number: int, sender: str, recipient: str, parts: list[bytes]) -> bytes:
    """A whole mail of finished parts (`part`); one part alone makes no multipart."""
    subject = base64.b64encode(f"打合せの件 {number}".encode()).decode()
    head = (
        f"From: =?UTF-8?B?5bGx55Sw5aSq6YOO?= <{sender}>\r\nTo: <{recipient}>\r\nSubject: =?UTF-8?B?{subject}?=\r\n"
        f"Date: Mon, 02 Mar 2026 10:00:00 +0900\r\nMessage-ID: <bench-{number}@{sender.rpartition('@')[2]}>\r\n"
        "MIME-Version: 1.0\r\n"
    ).encode()
    if len(parts) == 1:
        return head + parts[0]
    edge = f"=_bench_{number}"
    body = b"".join(f"--{edge}\r\n".encode() + one for one in parts)
    return (
        head
        + f'Content-Type: multipart/mixed; boundary="{edge}"\r\n\r\n'.encode()
        + body
        + f"--{edge}--\r\n".encode()
    )


def _prose(chance: random.Random, characters: int) -> bytes:
    return part(text(chance, characters).encode(), "text/plain; charset=utf-8")


def ten_kilobytes(number: int, sender: str, recipient: str) -> bytes:
    """About 10 kB of Japanese text in base64, as webmail writes it."""
    return mail(number, sender, recipient, [_prose(random.Random(number), 2700)])


def document(number: int, sender: str, recipient: str) -> bytes:
    """About 100 kB: some text and a Word document of 8,000 characters with a picture, different in each mail."""
    chance = random.Random(number)
    kind = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
    return mail(
        number,
        sender,
        recipient,
        [_prose(chance, 500), part(docx(chance, 8000, 68_000), kind, "report.docx")],
    )


_picture: list[bytes] = []


def five_megabytes(number: int, sender: str, recipient: str) -> bytes:
    """About 5 MB: some text and a picture (the same in each mail; nothing of it can be read as text)."""
    if not _picture:
        _picture.append(part(jpeg(random.Random(0), 3_700_000), "image/jpeg", "picture.jpg"))
    return mail(number, sender, recipient, [_prose(random.Random(number), 500), _picture[0]])


KINDS: dict[str, Callable[[int, str, str], bytes]] = {
    "10 kB text": ten_kilobytes,
    "100 kB + docx": document,
    "5 MB + picture": five_megabytes,
}


def mails(kind: str, count: int, sender: str, recipient: str, first: int = 0) -> Iterator[bytes]:
    return (KINDS[kind](first + n, sender, recipient) for n in range(count))
