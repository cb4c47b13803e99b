"""Mails and documents as people's mail programs make them, for the tests with real programs."""

import functools
import io
import re
from email import message_from_bytes, policy
from email.message import EmailMessage
from email.utils import make_msgid

import docx
import openpyxl
import pptx

from tests.filters.extract.documents import pdf, saved
from tests.services.node import DOMAIN

TARO, HANAKO = f"taro@{DOMAIN}", f"hanako@{DOMAIN}"
SATO, SUZUKI = "sato@client.example.net", "suzuki@partner.example.com"
CARD = "4111 1111 1111 1111"
MY_NUMBER = "1234 5678 9018"


def mail(
    to: str = SATO, text: str = "お世話になっております。\n", *, sender: str = TARO, subject: str = "ご連絡",
    cc: str = "", html: str = "", more: dict[str, str] | None = None,
) -> EmailMessage:  # fmt: skip
    """A mail as a client composes it."""
    message = EmailMessage(policy=policy.SMTP)
    message["From"] = sender
    message["To"] = to
    if cc:
        message["Cc"] = cc
    message["Subject"] = subject
    message["Message-ID"] = make_msgid(domain=sender.rpartition("@")[2].rstrip(">"))
    message["Date"] = "Mon, 02 Nov 2026 10:00:00 +0900"
    for name, value in (more or {}).items():
        message[name] = value
    message.set_content(text)
    if html:
        message.add_alternative(html, subtype="html")
    return message


def attach(message: EmailMessage, name: str, content: bytes, kind: str = "application/octet-stream") -> None:
    """Attach a file; a name beyond ASCII is written as RFC 2231 has it."""
    main, _, sub = kind.partition("/")
    message.add_attachment(content, maintype=main, subtype=sub, filename=name)


def with_files(*files: tuple[str, bytes], **more: object) -> bytes:
    """A mail with these files."""
    message = mail(**more)  # type: ignore[arg-type]
    for name, content in files:
        attach(message, name, content)
    return message.as_bytes()


def word(text: str) -> bytes:
    document = docx.Document()
    document.add_paragraph(text)
    return saved(document)


def sheet(text: str) -> bytes:
    book = openpyxl.Workbook()
    book.active["B3"] = text
    return saved(book)


def slides(text: str) -> bytes:
    show = pptx.Presentation()
    show.slides.add_slide(show.slide_layouts[5]).shapes.title.text = text
    return saved(show)


@functools.cache
def documents() -> dict[str, bytes]:
    """One file of every kind that people send, each with something confidential inside."""
    return {
        "販売計画.docx": word("社外秘 来年度の販売計画"),
        "顧客一覧.xlsx": sheet(f"マイナンバー {MY_NUMBER}"),
        "提案書.pptx": slides("【社外秘】ご提案"),
        "契約書.pdf": pdf("社外秘 契約書"),
        "メモ.txt": "社外秘\n議事メモ\n".encode("shift_jis"),
        "カード.csv": f"氏名,カード番号\n山田,{CARD}\n".encode(),
        "報告.html": "<html><body><h1>社外秘</h1><p>報告</p></body></html>".encode(),
    }


def parsed(content: bytes) -> EmailMessage:
    message = message_from_bytes(content, policy=policy.default)
    assert isinstance(message, EmailMessage)
    return message


def files_of(content: bytes) -> dict[str, bytes]:
    """The attachments of a delivered mail by name."""
    return {
        part.get_filename() or "": part.get_payload(decode=True)  # type: ignore[misc]
        for part in parsed(content).walk()
        if part.get_content_disposition() == "attachment"
    }


def text_of(content: bytes, kind: str = "plain") -> str:
    part = parsed(content).get_body((kind,))
    return part.get_content() if part else ""


def body_of(content: bytes) -> bytes:
    """Everything behind the header."""
    return re.split(rb"\r?\n\r?\n", content, maxsplit=1)[1]


def zip_of(*files: tuple[str, bytes], password: str = "") -> bytes:
    """A ZIP, AES-encrypted when a password is given."""
    import pyzipper

    out = io.BytesIO()
    with pyzipper.AESZipFile(out, "w") as archive:
        if password:
            archive.setpassword(password.encode())
            archive.setencryption(pyzipper.WZ_AES, nbits=256)
        for name, content in files:
            archive.writestr(name, content)
    return out.getvalue()
