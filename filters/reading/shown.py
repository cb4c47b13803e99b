"""A file of a mail as text, for people who look at it before it leaves or is approved.

The examining process reads it as it reads every file; what it hands out is text, so that nobody has to open the file
itself.
"""

from filters.examined import Examined, ShownFile
from filters.facts import Facts
from filters.rule import Mail
from filters.ruleset import Prepared
from mail.message import Message

SHOW = "show"
"""The direction (Facts) of a mail of which a file is shown: Facts.file is its number."""
CHARACTERS = 60_000
"""Shown of one file."""
PLACES = 60
"""Texts of one file: pages, sheets, members."""
_UNSEEN = ("docProps/", "_rels/", "[Content_Types]")


def run(raw: bytes | memoryview, facts: Facts, prepared: Prepared) -> Examined:
    """The text of one file, in `shown`; empty when there is no such file."""
    mail = Mail(Message(raw), facts)
    names: list[str] = []
    for attachment in mail.reading.attachments:
        if attachment.own or attachment.name not in names:
            names.append(attachment.name)
            if len(names) == facts.file + 1:
                read = attachment.extracted
                return Examined(shown=(_shown(attachment.name, read.kind, read.verdict, read.texts),))
    return Examined()


def _shown(name: str, kind: str, verdict: str, texts: tuple[tuple[str, str], ...]) -> ShownFile:
    room, cut = CHARACTERS, False
    kept: list[tuple[str, str]] = []
    for place, text in texts:
        bare = "\n".join(line.rstrip() for line in text.split("\n")).strip("\n")
        if not bare.strip() or any(mark in place for mark in _UNSEEN):
            continue
        if len(kept) == PLACES or not room:
            cut = True
            break
        cut = cut or len(bare) > room
        kept.append((place[:200], bare[:room]))
        room -= len(kept[-1][1])
    return ShownFile(name[:200], kind, verdict, tuple(kept), cut)
