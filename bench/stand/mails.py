"""What mails are made of: text, documents, parts; the same seed makes the same."""

import base64
import io
import random
import textwrap
import zipfile

SENDER = "taro@example.co.jp"
OUTSIDER = "partner@kitamura.example"
LOOKALIKE = "partner@exarnple.co.jp"
"""Whose mail is warned of: its domain holds the name of ours."""

_WORDS = (
    "お世話になっております", "来週の打合せについて", "資料を確認いたしました", "見積書の件", "納期は変わりません", "担当の者から",
    "ご連絡いたします", "会議室は三階です", "議事録をまとめました", "よろしくお願いいたします", "展示会の準備", "新しい工程",
    "部品の寸法", "試験の結果", "次回の日程", "現場の写真", "進み具合", "駅から歩いて五分", "午後三時", "図面の修正",
    "the schedule", "for your reference", "as discussed", "next meeting", "drawing A-12", "test report", "kind regards",
)  # fmt: skip


_ENGLISH = (
    "Thank you for your message.", "The meeting has been moved to Thursday afternoon", "please find the minutes below",
    "we have checked the drawing once more", "The delivery date does not change", "as we discussed on the phone",
    "the second shift starts an hour later", "I will send the test report when it is finished", "our colleague in Nagoya",
    "the parts arrived without damage", "Let me know whether this suits you.", "The fair takes place in October",
    "we would like to visit the plant", "a new process for the housing", "Kind regards", "the room on the third floor",
)  # fmt: skip


def english(chance: random.Random, characters: int) -> str:
    """English business prose in lines of about 70 characters."""
    words: list[str] = []
    while sum(map(len, words)) < characters:
        words.append(f"{chance.choice(_ENGLISH)} ({chance.randint(1, 999)})")
    return "\n".join(textwrap.wrap(", ".join(words), 72))[:characters]


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


def docx(chance: random.Random, characters: int, picture: int, unknown: int = 0) -> bytes:
    """A Word document of so much text in paragraphs of some runs, with a picture of so many bytes, and a file of so
    many bytes of no known kind."""
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
        '<Default Extension="bin" ContentType="application/octet-stream"/>'
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
        if unknown:
            archive.writestr("word/embeddings/data1.bin", octets(chance, unknown), zipfile.ZIP_STORED)
    return out.getvalue()


def octets(chance: random.Random, size: int) -> bytes:
    """Bytes of no known kind. How they begin is fixed: by chance one in eighty would begin as a program does."""
    return b"MEASURED\x01" + chance.randbytes(size)


def jpeg(chance: random.Random, size: int) -> bytes:
    """A JPEG (ITU T.81 annex B) of one grey scan: its segments as they should be, its samples by chance."""
    frame = b"\xff\xc0\x00\x0b\x08\x04\x00\x04\x00\x01\x01\x11\x00"
    scan = b"\xff\xda\x00\x08\x01\x01\x00\x00\x3f\x00"
    return (
        b"\xff\xd8\xff\xe0\x00\x10JFIF\x00\x01\x01\x00\x00\x01\x00\x01\x00\x00"
        + frame
        + scan
        + chance.randbytes(size).replace(b"\xff", b"\xfe")
        + b"\xff\xd9"
    )


def pdf(chance: random.Random, characters: int, unknown: int) -> bytes:
    """A PDF of one page with so much English text and an image of so many bytes that nothing packs."""
    lines = english(chance, characters).replace("(", "[").replace(")", "]").splitlines()
    shown = "".join(f"0 -11 Td ({line}) Tj\n" for line in lines)
    page = f"BT /F1 9 Tf 40 800 Td\n{shown}ET\n".encode()
    width, height = 100, unknown // 300
    pixels = chance.randbytes(width * height * 3)
    image = f"<</Type/XObject/Subtype/Image/Width {width}/Height {height}/BitsPerComponent 8/ColorSpace/DeviceRGB/Length {len(pixels)}>>"
    objects = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R"
        b"/Resources<</Font<</F1 5 0 R>>/XObject<</I1 6 0 R>>>>>>",
        b"<</Length %d>>\nstream\n%b\nendstream" % (len(page), page),
        b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>",
        image.encode() + b"\nstream\n" + pixels + b"\nendstream",
    ]
    out = b"%PDF-1.4\n"
    table = b"0000000000 65535 f \n"
    for number, one in enumerate(objects, 1):
        table += b"%010d 00000 n \n" % len(out)
        out += b"%d 0 obj\n%b\nendobj\n" % (number, one)
    size = len(objects) + 1
    return out + b"xref\n0 %d\n%btrailer\n<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n" % (
        size,
        table,
        size,
        len(out),
    )


def newsletter(chance: random.Random, size: int) -> bytes:
    """An HTML newsletter of so many bytes: tables in tables, styles at each element, links that are counted."""
    style = "font-family:'Hiragino Sans',Meiryo,sans-serif;font-size:14px;line-height:1.7;color:#333333;padding:8px 16px"
    head = (
        '<!DOCTYPE html><html lang="ja"><head><meta charset="utf-8"><title>News</title><style>td{border:0}'
        '@media(max-width:600px){.w{width:100%!important}}</style></head><body style="margin:0;background:#f4f4f4">'
        '<table class="w" width="600" align="center" cellpadding="0" cellspacing="0" border="0">'
    )
    out, total = [head], len(head)
    while total < size - 400:
        link = f"https://news.kitamura.example/c/{chance.getrandbits(64):016x}?u={chance.getrandbits(32):08x}"
        words = text(chance, 220)
        card = (
            f'<tr><td style="{style}"><a href="{link}" style="color:#0a5cad;text-decoration:none">'
            f'<img src="https://img.kitamura.example/{chance.getrandbits(40):010x}.jpg" width="180" height="120" alt="" border="0"></a></td>'
            f'<td style="{style}"><h2 style="font-size:16px;margin:0">{words[:24].strip()}</h2><p style="margin:0 0 8px">'
            f'{words[24:].replace(chr(10), "<br>")}</p><a href="{link}&amp;p=2" style="background:#0a5cad;color:#ffffff;{style}">詳しくはこちら</a></td></tr>'
        )
        out.append(card)
        total += len(card.encode())
    out.append(
        '<tr><td colspan="2"><a href="https://news.kitamura.example/stop">配信停止</a></td></tr></table></body></html>'
    )
    return "".join(out).encode()


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
