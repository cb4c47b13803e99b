"""Text files in any charset that Japanese mail uses: plain text, CSV, source code, calendars, cards."""

import quopri
import re

from filters.extract.budget import Budget
from mail.charset import decode

_PLAUSIBLE = re.compile(
    r"[\t\r\n\x20-\x7e\u3000-\u302f\u3041-\u30fe\u4e00-\u9fff\uff01-\uffef\u2010-\u2027\u2190-\u21ff\u2460-\u2473\u25a0-\u25ff]"
)
_COMMON = re.compile(r"[\t\r\n\x20-\x7e\u3001-\u3002\u3041-\u30fe]")
_FOLDED = re.compile(rb"\r?\n[ \t]")
_QUOTED = re.compile(
    rb"^((?:[A-Z-]++;(?=[^:\r\n]*?ENCODING=QUOTED-PRINTABLE)|[A-Z-]+ENCODING=QUOTED-PRINTABLE)[^:\r\n]*+)"
    rb":((?:[^\r\n]*=\r?\n)*[^\r\n]*)",
    re.MULTILINE | re.IGNORECASE,
)
_LABELLED = re.compile(rb"CHARSET=([A-Za-z0-9_-]{2,30})", re.IGNORECASE)
_DDE = re.compile(
    r"[=+\-@]\s*(?:[A-Za-z]:\\[^|\n]{0,100}|[A-Za-z.]{2,20})\|\s*['\"]?[^\n]{1,80}!", re.IGNORECASE
)
SAMPLE = 4_096
_PRINTABLE = bytes(range(0x20, 0x7F)) + b"\t\r\n"


def wide(content: bytes) -> str:
    """ "utf-16-le" or "utf-16-be" for UTF-16 without a byte order mark, judging by common characters; else ""."""
    sample = content[:SAMPLE]
    if len(sample) < 4 or len(content) % 2 or sample[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return ""
    best, most = "", 0.0
    for codec, high in (("utf-16-le", sample[1::2]), ("utf-16-be", sample[::2])):
        if (high.count(0) + high.count(0x30)) * 20 < len(high):
            continue  # half of a tenth: two units may be one character
        text = sample[: len(sample) // 2 * 2].decode(codec, "replace")
        common = len(_COMMON.findall(text)) / len(text)  # first, because it is usually low
        if common >= 0.1 and common > most and len(_PLAUSIBLE.findall(text)) / len(text) >= 0.97:
            best, most = codec, common
    return best


def is_printable(content: bytes) -> bool:
    """True when the bytes are also printable ASCII."""
    sample = content[:SAMPLE]
    return sample.isascii() and not sample.translate(None, _PRINTABLE)


def decoded(content: bytes, charset: str = "") -> str:
    """The text of `content`; a label that cannot be true is replaced by a guess (mail.charset)."""
    if not is_printable(content) and (codec := wide(content)):
        return content.decode(codec, "replace")
    return decode(content, charset)


def read(content: bytes, charset: str, budget: Budget) -> str:
    """The text of a file; folded lines of calendars and cards are joined, quoted-printable in old cards is decoded."""
    budget.take_bytes(len(content))
    if content[:40].lstrip(b"\xef\xbb\xbf \r\n").upper().startswith((b"BEGIN:VC", b"BEGIN:VE")):
        return _card(content, charset)
    text = decoded(content, charset)
    if is_printable(content) and (codec := wide(content)):
        text += "\n" + content.decode(codec, "replace")
    return text


def dde(text: str) -> str:
    """A cell that starts a program when the CSV file is opened (=cmd|' /C …'!A0), "" when there is none."""
    if "|" not in text or "!" not in text:
        return ""
    at = 0
    while match := _DDE.search(text, at):
        if _begins_cell(text, match.start()):
            return match[0]
        at = match.start() + 1
    return ""


def _begins_cell(text: str, at: int) -> bool:
    """True when only blanks are between `at` and the beginning of its cell."""
    while at and text[at - 1].isspace():
        if text[at - 1] in "\t\n":
            return True
        at -= 1
    return not at or text[at - 1] in ',;"'


def _card(content: bytes, charset: str) -> str:
    """vCard and iCalendar (RFC 5545 3.1, RFC 6350 3.2): as they are, and again with values joined and decoded."""
    values = []
    for match in _QUOTED.finditer(content):
        label = _LABELLED.search(match[1])
        values.append(decode(quopri.decodestring(match[2]), label[1].decode() if label else ""))
    unfolded = decode(_FOLDED.sub(b"", content), charset)
    unescaped = unfolded.replace("\\n", "\n").replace("\\N", "\n").replace("\\,", ",").replace("\\;", ";")
    return "\n".join([unescaped, *values])
