"""Letters about held mail: a locked file waits for its password, a request was decided, requests wait.

Who gets them, and that each is written once, is the matter of gateway/rounds/quarantine_rounds.py.
"""

from collections.abc import Sequence

import msgspec

from config.words import say
from filters.rewriters.harmless import harmless
from quarantine.item import Item
from quarantine.letters.letter import Letter, indented, write
from quarantine.requests import Request

LISTED = 20
"""Requests that one letter to administrators names."""


class Wish(msgspec.Struct, frozen=True):
    """A request with the mail that it is about and the name of the person."""

    request: Request
    item: Item
    name: str


def locked(item: Item, language: str, console: str) -> Letter:
    """To a recipient of mail that waits for nothing but a password."""
    files = ", ".join(harmless(name, 80) for name in item.summary.attachments[:5])
    lines = [*about(item, language), *([say(language, "letters.mail.files", files=files)] if files else [])]
    page = f"{console}/waiting/{item.id}"
    return write("locked.recipient", language, mail_id=item.mail_id, mail=indented(lines), page=page)


def outcome(request: Request, item: Item, language: str) -> Letter:
    """To a person whose request was decided: "released" or "refused"."""
    answer = " ".join(request.answer.split())
    return write(
        f"{request.state}.recipient", language, mail_id=item.mail_id, mail=indented(about(item, language)),
        answer=say(language, "letters.mail.answer", answer=answer) if answer else "",
    )  # fmt: skip


def requested(wishes: Sequence[Wish], language: str, console: str) -> Letter:
    """To an administrator: what people have asked for since the last letter."""
    key = "letters.requested.administrator"
    mails = []
    for wish in wishes[:LISTED]:
        lines = [*about(wish.item, language), say(language, f"{key}.by", person=harmless(wish.name, 80))]
        if wish.request.comment:
            lines.append(say(language, f"{key}.comment", comment=harmless(wish.request.comment, 300)))
        mails.append(indented(lines))
    more = len(wishes) - LISTED
    return write(
        "requested.administrator", language, count=len(wishes), mails="\n\n".join(mails),
        more=say(language, "letters.mail.more", count=more) if more > 0 else "",
        page=f"{console}/quarantine?state=requested",
    )  # fmt: skip


def undeliverable(items: Sequence[Item], language: str, console: str) -> Letter:
    """To who is in charge: recipients whose mailbox refused a mail that others got (LMTP, RFC 2033 §4.2)."""
    return write(
        "undeliverable.administrator",
        language,
        mail_id=items[0].mail_id,
        recipients="\n".join(f"    {r.path.address}" for item in items for r in item.recipients),
        mail=indented(about(items[0], language)),
        page=f"{console}/trace/{items[0].mail_id}",
    )


def about(item: Item, language: str) -> list[str]:
    """Lines by which the reader recognises the mail."""
    subject = harmless(item.summary.subject) or say(language, "letters.mail.untitled")
    return [
        say(language, "letters.mail.title", subject=subject),
        say(language, "letters.mail.from", author=author(item) or say(language, "letters.mail.nobody")),
    ]


def author(item: Item) -> str:
    """Who the mail says wrote it, in a form that nobody can click."""
    summary = item.summary
    address = summary.author or item.reverse_path
    name = summary.author_name
    return harmless(f"{name} <{address}>" if name and address else name or address, 160)
