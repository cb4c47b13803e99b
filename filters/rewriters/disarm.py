"""IN-MACRO: the attachments of a mail that people are warned about, without anything that acts when opened.

Macros and the like are cut out of Office documents; every other file that acts (programs, shortcuts, web
pages, old Office formats with macros, archives with one of these inside) is replaced by a short text that
says what it was, why it is gone, and where to ask for it. The policy can have every attachment replaced.

Diagnostics: RewriteError (a hold) for such a file in a signed mail, or one that only some readers would see.
"""

from collections.abc import Sequence

import msgspec

from config.policy import Policy
from config.words import say
from filters.extract import Extracted
from filters.extract.kinds import EXECUTABLE
from filters.finding import Finding
from filters.inbound.macro import ACTS, acts
from filters.lures.names import IMAGES, LINKS, MACROS, PAGES, RUNS, SCRIPTS, extension, marked
from filters.reading.reading import Attachment, Reading
from filters.rewrite import TEXTS, language_of, rewriter
from filters.rewriters.banner import Banner, banner_of, own_part, page_of
from filters.rewriters.defang import defanged
from filters.rewriters.insertion import in_sealed, preceded, substituted
from filters.rewriters.office import KINDS, disarmed
from filters.rule import Mail
from mail.compose import Edit, RewriteError
from mail.encoding import base64_lines
from mail.rebuild import TEXT, AttachedFile, clean_name, file_header

_PROGRAM = frozenset({"executable", "installer", "disk_image", "self_extracting", "script"})
_PROGRAM_KINDS = (EXECUTABLE | {"iso", "disk"}) - {"lnk"}
_PROGRAM_NAMES = (RUNS | IMAGES | SCRIPTS) - LINKS


class Replaced(msgspec.Struct, frozen=True):
    """What becomes of one attachment: a document without what acts, or (`content` empty) a note that says why."""

    path: str
    name: str
    why: str
    size: int
    media_type: str = ""
    content: bytes = b""


@rewriter(
    "disarm",
    reach=TEXTS,
    takes=lambda mail, policy: bool(replaced(mail, policy.shown(warned=True).attachments)),
)
def disarm(
    mail: Mail, policy: Policy, findings: Sequence[Finding], recipients: tuple[int, ...]
) -> list[Edit]:
    """Replace what acts among the attachments; a mail that is nothing else also gets its banner here."""
    edits: list[Edit] = []
    shown = policy.shown(warned=True)
    language = language_of(mail, policy, recipients)
    parts = {part.path: part for part in mail.message.parts}
    for each in replaced(mail, shown.attachments):
        fields, body = _part(mail, each, language, shown.keep_original)
        part = parts[each.path]
        if part.parent is not None:
            edits += substituted(part, fields, body)
            continue
        said: Banner | None = banner_of(mail, policy, findings, recipients)
        edits += (
            preceded(mail.message, own_part(said), (fields, body))
            if said
            else substituted(part, fields, body)
        )
    return edits


def replaced(mail: Mail, attachments: str) -> tuple[Replaced, ...]:
    """What the policy ("disarm", "note", "keep") makes of the attachments. Raises RewriteError."""
    return () if attachments == "keep" else mail.once(_replaced, mail.reading, attachments)


def _replaced(reading: Reading, attachments: str) -> tuple[Replaced, ...]:
    result = []
    for attachment in reading.attachments:
        why = acting(attachment)
        if not why and (attachments != "note" or attachment.inline_image or in_sealed(attachment.part)):
            continue
        part = attachment.part
        if not attachment.own:
            raise RewriteError("a file that acts is seen by some readers only")
        if in_sealed(part):
            raise RewriteError("a file that acts in a signed or encrypted mail")
        made = None
        if attachments == "disarm" and why == "macro" and attachment.extracted.kind in KINDS:
            made = disarmed(attachment.name, attachment.content, frozenset(ACTS) | _PROGRAM | {"shortcut"})
        if made is None:
            result.append(Replaced(part.path, attachment.name, why or "all", len(attachment.content)))
        else:
            name, content, read = made
            result.append(Replaced(part.path, name, why, len(content), read.true_type, content))
    return tuple(result)


def acting(attachment: Attachment) -> str:
    """Why a file should not be opened as it is: "program", "shortcut", "macro", "page"; "" if nothing in it acts."""
    read = attachment.extracted
    names = {extension(name) for name in (attachment.name, *attachment.part.filenames)}
    names |= {extension(member.name or member.path) for member in read.members}
    kinds = {read.kind, *(member.kind for member in read.members)}
    if names & LINKS or "lnk" in kinds or "shortcut" in read.traits:
        return "shortcut"
    if names & _PROGRAM_NAMES or kinds & _PROGRAM_KINDS or read.traits & _PROGRAM:
        return "program"
    if names & MACROS or any(acts(sign, read) for sign in read.signs):
        return "macro"
    return "page" if _is_page(names, kinds, read) else ""


def _is_page(names: set[str], kinds: set[str], read: Extracted) -> bool:
    if read.kind in ("eml", "msg", "tnef"):
        return False  # a forwarded mail: its text is not a file
    return bool(names & PAGES) or "html" in kinds or "hta" in kinds


def _part(mail: Mail, each: Replaced, language: str, kept: bool) -> tuple[bytes, bytes]:
    """Content-* fields and body of what replaces the attachment."""
    if each.content:
        file = AttachedFile(each.name, each.media_type, each.content)
        return file_header(file, clean_name(each.name)), base64_lines(each.content)
    name = clean_name(say(language, "rewriters.disarm.name", name=clean_name(each.name)))
    if not name.endswith(".txt"):
        name += ".txt"
    text = note(mail, each, language, kept).replace("\n", "\r\n").encode()
    header = file_header(AttachedFile(name, TEXT, text), name)
    header = header.replace(b"Content-Type: text/plain\r\n", b"Content-Type: text/plain; charset=utf-8\r\n")
    return header, base64_lines(b"\xef\xbb\xbf" + text)


def note(mail: Mail, each: Replaced, language: str, kept: bool) -> str:
    """What a person reads instead of the file."""
    page = page_of(mail.facts)
    key = "gone" if not kept else "page" if page else "kept"
    return say(
        language, "rewriters.disarm.text",
        name=defanged(marked(" ".join(each.name.split()))[:200]),
        size=_size(each.size),
        why=say(language, f"rewriters.disarm.why.{each.why}"),
        ask=say(language, f"rewriters.disarm.{key}", page=page, id=mail.facts.mail_id),
    )  # fmt: skip


def _size(count: int) -> str:
    return (
        f"{count:,} B"
        if count < 10_000
        else f"{count / 1024:,.0f} KB"
        if count < 10 << 20
        else f"{count >> 20:,} MB"
    )
