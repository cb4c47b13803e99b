"""Mails of the third set: text, HTML or both, in the charsets and transfer encodings that programs use."""

import quopri
import zlib
from collections.abc import Iterable, Sequence
from html import escape
from random import Random

from tests.judged.arriving import US, parsed
from tests.judged.mime import File, _base64, address, file_part, multipart, text_part, word

Field = tuple[str, str]
MAILERS = (
    "Microsoft Outlook 16.0",
    "Apple Mail (2.3774.600.62)",
    "PHPMailer 6.8.1 (https://github.com/PHPMailer/PHPMailer)",
    "Becky! ver. 2.81.06 [ja]",
    "Roundcube Webmail/1.6.5",
    "",
    "",
)


def printable(text: str, subtype: str = "plain", charset: str = "utf-8") -> str:
    """A part of text as quoted-printable."""
    octets = quopri.encodestring(text.replace("\r\n", "\n").encode(charset)).replace(b"\n", b"\r\n")
    return (
        f"Content-Type: text/{subtype}; charset={charset}\r\n"
        f"Content-Transfer-Encoding: quoted-printable\r\n\r\n{octets.decode('ascii')}"
    )


def page(text: str, link: str = "", button: str = "") -> str:
    """A text as a mail program or a kit writes it in HTML; `{link}` becomes what is clicked."""
    shown = escape(text)
    if link:
        shown = shown.replace("{link}", f'<a href="{escape(link)}">{escape(button or link)}</a>')
    lines = "".join(f"<p>{part.replace(chr(10), '<br>')}</p>\n" for part in shown.split("\n\n"))
    return (
        '<html><head><meta http-equiv="Content-Type" content="text/html; charset=utf-8"></head>\n'
        f'<body style="font-family:Meiryo,Segoe UI,sans-serif;font-size:14px">\n{lines}</body></html>\n'
    )


def moment(draw: Random) -> str:
    """A time of one working day."""
    return f"Wed, 18 Nov 2026 {draw.randint(7, 19):02d}:{draw.randint(0, 59):02d}:{draw.randint(0, 59):02d} +0900"


def bodies(text: str, html: str, charset: str, only: str, printed: bool) -> str:
    """The part of the words: `only` "text", "html" or "" (both where there are both)."""
    part = printable if printed else text_part
    if only == "html" and html:
        return part(html, "html", charset)
    if not html or only == "text":
        return part(text, "plain", charset)
    return multipart("alternative", [part(text, "plain", charset), part(html, "html", charset)])


def related(body: str, pictures: Iterable[tuple[str, str, bytes]]) -> str:
    """A body with pictures: (content id, media type, octets)."""
    parts = [
        f"Content-Type: {media}\r\nContent-ID: <{name}>\r\nContent-Disposition: inline\r\n"
        f"Content-Transfer-Encoding: base64\r\n\r\n{_base64(content)}"
        for name, media, content in pictures
    ]
    return multipart("related", [body, *parts]) if parts else body


def sealed(
    sender: str, subject: str, body: str, date: str, fields: Sequence[Field] = (), to: str = ""
) -> bytes:
    """Header and body; `fields` may replace one of the usual fields by its name."""
    name, box = parsed(sender)
    number = zlib.crc32(f"{subject}{body}{date}".encode("utf-8", "surrogateescape"))
    usual = {
        "From": address(name, box),
        "To": to or address(*US),
        "Subject": word(subject),
        "Date": date,
        "Message-ID": f"<{number:08x}.{number % 9973}@{box.rpartition('@')[2]}>",
    }
    given = {key.lower() for key, _ in fields}
    head = [(key, value) for key, value in usual.items() if key.lower() not in given]
    head += [(key, value) for key, value in fields if value]
    lines = "".join(f"{key}: {value}\r\n" for key, value in [*head, ("MIME-Version", "1.0")])
    return (lines + body).encode("utf-8", "surrogateescape")


def letter(
    sender: str,
    subject: str,
    text: str,
    *,
    date: str,
    html: str = "",
    only: str = "",
    charset: str = "utf-8",
    printed: bool = False,
    files: Sequence[File] = (),
    pictures: Sequence[tuple[str, str, bytes]] = (),
    fields: Sequence[Field] = (),
    to: str = "",
) -> bytes:
    """A whole mail to us."""
    body = related(bodies(text, html, charset, only, printed), pictures)
    if files:
        body = multipart("mixed", [body, *map(file_part, files)])
    return sealed(sender, subject, body, date, fields, to)
