"""Addresses that stand in the text of a mail as a list of recipients: in quoted headers, meetings and business cards.

    -----Original Message-----              ________________________________
    From: 山田                              差出人: 山田
    To: a@one.example; b@two.example        宛先: a@one.example; b@two.example

Forms of Outlook, Gmail, Thunderbird and Apple Mail, Japanese and English, with "> " before their lines or without.
Sources: RFC 5545 §3.8.4 (ATTENDEE, ORGANIZER), RFC 6350 §6.4.2 (EMAIL), the programs' own mails.
"""

import re
from collections.abc import Iterator

import re2

MOST = 2000
"""Addresses of one text."""
ADDRESS = re.compile(
    r"(?<![A-Za-z0-9_.+%-])[A-Za-z0-9_](?:[A-Za-z0-9_.+%&-]{0,62}[A-Za-z0-9_])?@(?:[A-Za-z0-9-]{1,63}\.){1,8}[A-Za-z0-9-]{2,63}"
)
_QUOTED = r"[ \t>|*＞｜]{0,40}"
_LABEL = re2.compile(
    rf"(?im)^{_QUOTED}(?:to|cc|bcc|宛先|送信先|宛名|ｃｃ|ＣＣ|Ｃｃ|Ｔｏ|ＴＯ|写し|同報)\**[ \t]{{0,3}}[:：]"
)
"""Looked for in the whole text at once."""
_NEXT = re.compile(
    rf"^{_QUOTED}[^\s:：@<>;,、*|＞｜]{{1,20}}(?: [^\s:：@<>;,、*|＞｜]{{1,20}}){{0,2}}\*{{0,4}}[ \t]{{0,3}}[:：](?!//)"
)
"""The next field of a quoted header: a short word and a colon."""
_AUTHOR = re.compile(
    rf"^{_QUOTED}(?:from|sent|date|subject|差出人|送信者|送信元|送信日時|日時|日付|件名|題名)\**[ \t]{{0,3}}[:：]",
    re.IGNORECASE,
)
"""A field that a list of recipients stands beside in a header."""
NEIGHBOURS = 6
"""Lines above or below in which one of those stands."""
_CONTINUED = 200
"""Lines that one field may have."""
_FOLD = re.compile(r"\r?\n[ \t]")
_WRITTEN = {
    "calendar": (
        "BEGIN:VCALENDAR",
        re.compile(r"^(?:ATTENDEE|ORGANIZER)[;:].*$", re.MULTILINE | re.IGNORECASE),
    ),
    "card": ("BEGIN:VCARD", re.compile(r"^(?:[\w-]{1,30}\.)?EMAIL[;:].*$", re.MULTILINE | re.IGNORECASE)),
}


def quoted(text: str) -> tuple[str, ...]:
    """The addresses, in lower case, to which the mails quoted in a text went; each once."""
    lines: list[str] = []
    found: dict[str, None] = {}
    number = at = 0
    for label in _LABEL.finditer(text):
        lines = lines or text.split("\n")
        number += text.count("\n", at, label.start())
        at = label.start()
        if not _is_in_header(lines, number):
            continue
        for field in _field(lines, number):
            for match in ADDRESS.finditer(field[:4000]):
                found[match[0].lower()] = None
        if len(found) >= MOST:
            break
    return tuple(found)


def addresses_in(text: str) -> tuple[str, ...]:
    """The addresses in a field of an attached mail's, in lower case; each once."""
    return tuple(dict.fromkeys(match[0].lower() for match in ADDRESS.finditer(text)))[:MOST]


def _field(lines: list[str], number: int) -> Iterator[str]:
    """The lines of a field: up to the next one, or a blank line."""
    yield lines[number]
    for line in lines[number + 1 : number + _CONTINUED]:
        if not line.strip(" \t\r>|") or _NEXT.match(line):
            return
        yield line


def _is_in_header(lines: list[str], number: int) -> bool:
    around = lines[max(0, number - NEIGHBOURS) : number + NEIGHBOURS]
    return any(_AUTHOR.match(line) for line in around)


def enclosed(text: str) -> tuple[str, tuple[str, ...]]:
    """("calendar" or "card", the addresses in it), for a meeting or business cards; ("", ()) for every other text."""
    start = text[:500].upper()
    for kind, (begin, field) in _WRITTEN.items():
        if begin in start:
            found: dict[str, None] = {}
            for match in field.finditer(_FOLD.sub("", text).replace("\r", "")):
                found.update((a[0].lower(), None) for a in ADDRESS.finditer(match[0]))
            return kind, tuple(found)[:MOST]
    return "", ()
