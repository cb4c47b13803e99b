"""How an author usually writes: the program, its charset, the time zone, the language, the numbers of the signature
(IN-SPOOF). What a mail shows of it, as words and digests that the house can count (directory/past_mail.py); no text.

Sources: RFC 5322 §3.3 (zone), §3.6.4; User-Agent and X-Mailer as programs write them.
"""

import hashlib
import re
from collections.abc import Mapping

from filters.lures.telephones import FAX, TEL, digits
from filters.reading.own_words import borrowed
from mail.charset import fold

PROGRAM, CHARSET, ZONE, LANGUAGE, SIGNATURE = ASPECTS = (
    "program",
    "charset",
    "zone",
    "language",
    "signature",
)
MOST_TEXT = 6_000
_FAMILY = re.compile(r"[A-Za-z][A-Za-z]*(?:[ -][A-Za-z]+){0,2}")
_WITHIN = ("thunderbird", "seamonkey", "outlook", "roundcube", "iphone", "ipad", "apple mail", "k-9", "gmail")
_KANA = re.compile(r"[\u3041-\u30ff]")
_ZONE = re.compile(r"([+-])(\d\d)(\d\d)\s*(?:\(|$)")


FIELDS = ("user-agent", "x-mailer", "message-id", "date")
"""Header fields that tell of them."""


def habits(fields: Mapping[str, str], charset: str, text: str) -> dict[str, str]:
    """Aspect -> what a mail shows of it; without what it does not show. `fields`: those of FIELDS that it has; `charset` and
    `text` of its first text."""
    language, signature = _written(text[:MOST_TEXT])
    found = {
        PROGRAM: _program(fields),
        CHARSET: charset.lower()[:30],
        ZONE: _zone(fields.get("date", "")),
        LANGUAGE: language,
        SIGNATURE: signature,
    }
    return {aspect: value for aspect, value in found.items() if value}


def zone_minutes(zone: str) -> int:
    """Minutes east of Greenwich of "+0900"."""
    return (1 if zone[:1] == "+" else -1) * (int(zone[1:3]) * 60 + int(zone[3:5]))


def _program(fields: Mapping[str, str]) -> str:
    """The family: "becky", "microsoft outlook"; a host where programs name none; "none"."""
    for name in ("user-agent", "x-mailer"):
        text = fields.get(name, "")[:300].lower()
        if known := next((word for word in _WITHIN if word in text), ""):
            return known
        if family := _FAMILY.search(text):
            return family[0][:40]
    host = fields.get("message-id", "").strip().strip("<>").rpartition("@")[2].lower()
    if host == "mail.gmail.com" or host.endswith((".prod.outlook.com", ".icloud.com", ".yahoo.com")):
        return host.removeprefix("mail.").rpartition(".prod.")[2][-40:]
    return "none"


def _zone(date: str) -> str:
    found = _ZONE.search(date[:100])
    return f"{found[1]}{found[2]}{found[3]}" if found and int(found[2]) <= 14 else ""


def _written(text: str) -> tuple[str, str]:
    """The language of what the author wrote, and a digest of the numbers of their own signature."""
    quoted, signed = borrowed(text)
    lines = list(zip(text.split("\n"), quoted, signed, strict=False))
    own = "\n".join(line for line, is_quoted, _ in lines if not is_quoted)
    block = fold("\n".join(line for line, _, is_signed in lines if is_signed)).lower()
    numbers = {digits(m[1]) for shape in (TEL, FAX) for m in shape.finditer(block)}
    digest = hashlib.sha256("\n".join(sorted(numbers)).encode()).hexdigest()[:12] if numbers else ""
    return ("ja" if _KANA.search(own) else "other") if own.strip() else "", digest
