"""Letters of tests/filters/inbound/letters/*.toml as mails: written for the tests, in styles that no list was made from."""

import tomllib
from functools import cache
from html import escape
from pathlib import Path
from typing import Any

from config.policy import Organisation, Policy
from filters.decision.decide import by_default, warns
from filters.examine import look
from filters.facts import Authentication, Facts, Origin
from filters.finding import Finding
from filters.rule import Mail
from filters.ruleset import Prepared, prepare
from mail.address import domain_of, header_addresses
from mail.envelope import Envelope, ForwardPath
from mail.message import Message
from tests.filters.extract import documents
from tests.filters.inbound.arriving import TO, US, mail

FOLDER = Path(__file__).parent / "letters"
POLICY = Policy(organisation=US)
STRANGE = Policy(organisation=Organisation(name="Elsewhere", domains=("elsewhere.example",)))
"""An organisation that has told us nothing about its people and partners."""


def letters(name: str) -> list[dict[str, Any]]:
    """The letters of one file."""
    found: list[dict[str, Any]] = tomllib.loads((FOLDER / f"{name}.toml").read_text("utf-8"))["mail"]
    return found


def raw(letter: dict[str, Any]) -> bytes:
    """The mail that a letter describes: a text, and unless it is `plain` an HTML form of it, `markup` when it is given."""
    text = letter["text"].strip() + "\n"
    links = [tuple(line.split(" | ")) for line in letter.get("links", [])]
    address = sender(letter)
    files = {name: _content(name) for name in letter.get("files", [])}
    extra = (
        f"Date: Mon, 03 Nov 2025 10:12:14 +0900\r\nReply-To: {letter['reply']}\r\n"
        if "reply" in letter
        else ""
    )
    if letter.get("bulk"):
        host = domain_of(address)
        extra += f"List-Id: <news.{host}>\r\nList-Unsubscribe: <https://{host}/u/1>\r\n"
    html = letter.get("markup") or ("" if letter.get("plain") and not links else _html(letter, text, links))
    plain = "" if letter.get("page") else text + "".join(f"{words}: {url}\n" for words, url in links)
    return mail(plain, sender=letter["from"], subject=letter["subject"], html=html, files=files, extra=extra)


def _html(letter: dict[str, Any], text: str, links: list[tuple[str, ...]]) -> str:
    lines = "".join(f"<p>{escape(line)}</p>" for line in text.splitlines())
    if not letter.get("page"):
        anchors = "".join(f'<p><a href="{escape(url)}">{escape(words)}</a></p>' for words, url in links)
        return f"<html><body>{lines}{anchors}</body></html>"
    first, *rest = links or [("", "")]
    logo = '<img src="https://static.example.net/logo.png" alt="" width="120">'
    button = (
        f'<a href="{escape(first[1])}" style="background:#06c;color:#fff;padding:12px">{escape(first[0])}</a>'
        if links
        else ""
    )
    others = " | ".join(f'<a href="{escape(url)}">{escape(words)}</a>' for words, url in rest)
    return (
        f'<html><head><style>p{{margin:0}}</style></head><body><div style="display:none">{escape(text[:60])}</div>'
        f'<table width="600"><tr><td>{logo}</td></tr><tr><td>{lines}</td></tr><tr><td>{button}</td></tr>'
        f"<tr><td>{others}</td></tr></table></body></html>"
    )


@cache
def _content(name: str) -> bytes:
    """A file that is what its name says."""
    match name.rpartition(".")[2]:
        case "iso":
            return bytes(0x8001) + b"CD001\x01" + bytes(0x800)
        case "html":
            return (
                b"<html><body><form action='https://x.example/p'><input type=password></form></body></html>"
            )
        case "pdf":
            return documents.pdf("お知らせ notice")
        case "docx":
            return documents.word()
        case "xlsx":
            return documents.sheet()
        case "pptx":
            return documents.slides()
        case "zip":
            return documents.archive(("見積書.txt", b"1"))
        case "jpg":
            return b"\xff\xd8\xff\xe0\x00\x10JFIF\x00" + bytes(60)
        case _:
            return b"\x89PNG\r\n\x1a\n" + bytes(60)


def sender(letter: dict[str, Any]) -> str:
    return header_addresses(f"<{letter['from'].rpartition('<')[2]}".encode())[0].address


def arriving(letter: dict[str, Any], checked: bool) -> Mail:
    """The letter at the checkpoint, from somebody who never wrote before unless it is `known`; `checked`: SPF, DKIM and DMARC pass, unless it `fails`."""
    domain = domain_of(sender(letter))
    reverse = letter.get("envelope", sender(letter))
    passed = Authentication("pass", domain_of(reverse), "pass", (domain,), "pass", "none")
    if letter.get("fails"):
        passed = Authentication("pass", domain_of(reverse), "none", (), "fail", "none")
    friends = frozenset([sender(letter)] if letter.get("known") else [])
    facts = Facts(
        "inbound",
        Origin("mx", "192.0.2.1"),
        Envelope(reverse, (ForwardPath(TO),)),
        passed if checked else Authentication(),
        known=friends,
        familiar=friends,
    )
    return Mail(Message(raw(letter)), facts)


def findings(letter: dict[str, Any], prepared: Prepared, checked: bool) -> list[Finding]:
    return look(arriving(letter, checked), prepared)


def warned(name: str, policy: Policy, checked: bool) -> list[tuple[dict[str, Any], list[Finding], bool]]:
    """Each letter of a file with its findings and whether people are warned about it."""
    prepared = prepare(policy)
    seen = [(letter, findings(letter, prepared, checked)) for letter in letters(name)]
    return [(letter, found, warns(prepared, by_default(prepared, found))) for letter, found in seen]
