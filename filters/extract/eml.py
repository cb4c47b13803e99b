"""A mail as a file: its subject, texts and attachments, within the outer mail's budget."""

import re

from filters.extract import html
from filters.extract.formats import reads
from filters.extract.found import Found
from filters.extract.reason import Reason, Stop
from mail.message import Message


@reads("eml", media="message/rfc822")
def read(content: bytes, found: Found) -> None:
    """Read a mail into `found`; its attachments are members. Raises Stop when it cannot be read completely."""
    found.budget.take_bytes(len(content))
    message = Message(content)
    if message.unread:
        raise Stop(Reason.PARTS, message.unread[0])
    subject = message.first("subject")
    found.text("subject", subject.text if subject else "")
    for name in ("from", "to", "cc", "msip_labels", "keywords", "comments"):
        for header in message.all(name)[:5]:
            found.text(f"header:{name}", header.text[:4_000])
            if name == "msip_labels" and (label := re.search(r"_Name=([^;]{1,80})", header.text)):
                found.sign("label", label[1])
    inside = ""
    for part in message.parts:
        if inside and part.path.startswith(inside):
            continue
        if part.is_message:
            inside = part.path + "."
            found.budget.take_member()
            found.inside(part.filename or "message.eml", part.content())
        elif part.children:
            continue
        elif part.is_attachment:
            found.budget.take_member()
            found.inside(part.filename or f"part {part.path}", part.content())
        else:
            text = part.text()
            found.text(
                f"part {part.path}".strip(), html.text_of(text) if part.content_type == "text/html" else text
            )
    found.verdicts.append("ok")
