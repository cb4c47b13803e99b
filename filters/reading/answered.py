"""Whether what a mail quotes goes back to those who have it: a reply to its author, a mail to its former recipients.

Sources: the lines that mail programs write above a quoted mail (filters.reading.own_words). Only the outermost of them
counts: whoever wrote what it introduces has all that stands below.
"""

import re
from collections.abc import Iterable

from config.policy import Organisation
from filters.facts import Facts
from filters.lures.hosts import organisational
from filters.reading.greeting import plain
from filters.reading.own_words import BLOCK, borrowed
from mail.address import domain_of, header_addresses
from mail.message import Message

_ANSWER = re.compile(
    r"\s{0,4}(?:re|r|rv|aw|antw|sv|vs|res|rif|odp|ynt|回复|回覆|答复|답장|返信) ?(?:\[?\d{1,3}\]?)? ?[:：]",
    re.IGNORECASE,
)
FORWARD = re.compile(
    r"\s{0,4}(?:fwd?|wg|tr|enc|vb|vl|doorst|pd|转发|轉寄|전달|転送) ?(?:\[?\d{1,3}\]?)? ?[:：]", re.IGNORECASE
)
_ADDRESS = re.compile(r"[\w.+%=&'-]{1,64}@((?:[\w-]{1,63}\.){1,8}[A-Za-z]{2,24})")
_SAID_BY = re.compile(r"[:：]\s*$")
LONGEST = 400
"""Characters of a line that introduces a quoted mail."""


def goes_back(message: Message, facts: Facts, texts: Iterable[str], organisation: Organisation) -> bool:
    """True when everybody outside who gets this mail took part in what it quotes, as far as it tells who did.

    Where nothing tells, a reply is one to whom it goes to; a forwarded mail is not. False without recipients outside.
    """
    outside = {
        organisational(domain_of(address.lower()))
        for address in facts.envelope.recipients
        if not organisation.internal(address)
    }
    if not outside:
        return False
    above = next((lines for text in texts if (lines := _introduction(text))), "")
    took_part = {organisational(match[1].lower()) for match in _ADDRESS.finditer(above)}
    if took_part:
        return outside <= took_part
    subject = message.first("subject")
    line = subject.text if subject else ""
    if FORWARD.match(line):
        return bool(above) and _names(message, above)
    return bool(_ANSWER.match(line) or message.first("in-reply-to") or _names(message, above))


def _introduction(text: str) -> str:
    """The lines that tell whose the first quoted mail is, "" without one."""
    lines = text.split("\n")
    quoted, _ = borrowed(text)
    first = next((number for number, is_quoted in enumerate(quoted) if is_quoted), -1)
    if first < 0:
        return ""
    told = [
        line[:LONGEST]
        for line in lines[first : first + BLOCK + 2]
        if line.lstrip()[:1] not in (">", "|", "＞")
    ]
    for line in reversed(lines[max(0, first - 3) : first]):
        if line.strip():
            told += [line[:LONGEST]] if _SAID_BY.search(line[:LONGEST]) else []
            break
    return "\n".join(told)


def _names(message: Message, above: str) -> bool:
    """True when a name in To or Cc stands there."""
    said = plain(above)
    fields = (h for h in message.headers if h.name in ("to", "cc"))
    names = (plain(m.name) for h in fields for m in header_addresses(h.value))
    return any(len(name) >= 2 and name in said for name in names)
