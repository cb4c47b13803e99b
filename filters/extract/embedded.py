"""Files inside texts of any format: base64, hexadecimal, uuencode, BinHex and OpenPGP, wherever they stand; and words behind
escapes (quoted-printable, percent signs, \\u, numeric entities).

    files_in(text) -> files; what is a text itself comes last, in one
    unescaped(text) -> the same text with its escapes undone, "" when there are none

Long runs of such characters are also keys, signatures and tokens: only what decodes to a file of a known kind, or to a text,
is one.
"""

import binascii
import html
import quopri
import re
from collections.abc import Iterator
from typing import NamedTuple
from urllib.parse import unquote

import re2

from filters.extract.alone import alone
from filters.extract.kinds import detect, is_known, is_tar
from filters.extract.openpgp import ARMOR
from filters.extract.reason import Reason, Stop
from filters.extract.textfile import wide
from mail import binhex, encoding
from mail.charset import decode, unbase64

_WRITTEN = re.compile(r"[\w\s]{4}")
_JAPANESE = re.compile("[\u3041-\u30fe\u4e00-\u9fff]")
LEAST = 40
"""Digits of a run. Thirty octets are a short sentence in Japanese."""
MOST = 200
"""Files, other than texts, that are taken out of one text."""
HEAD = 800
_CHECK_SUM = re.compile(r"[0-9a-f]+|[0-9A-F]+")
_WIDTHS = (60, 64, 70, 72, 76)
_LINES = re.compile(r"\s{0,9}(?:[A-Za-z0-9+/]{60,76}\r?\n){2}")
_MIXED = re.compile(r"(?=[^A-Z]*[A-Z])(?=[^a-z]*[a-z])(?=[^0-9]*[0-9])(?=[A-Fa-f0-9]*[G-Zg-z+/])")
LARGE = 2_800
"""Digits of a run that is looked at whole, whatever it begins with."""
_BREAK = r"(?:\\[rn]|[\r\n\t ]){1,6}"
_BASE64 = re.compile(
    rf"(?<![A-Za-z0-9+/])[A-Za-z0-9+/]{{{LEAST},}}(?:{_BREAK}[A-Za-z0-9+/]{{20,}})*(?:{_BREAK}[A-Za-z0-9+/]{{1,200}}(?=={{1,2}}|[\"'<\s]|\Z))?={{0,2}}"
)
_OPTIONS = re2.Options()
_OPTIONS.max_mem = 64 << 20  # with less, RE2 gives up its automaton at counted runs
_ANY_BASE64 = re2.compile(r"[A-Za-z0-9+/]{40}", _OPTIONS)
_ANY_SAFE = re2.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{38}[A-Za-z0-9]", _OPTIONS)
_ANY_HEX = re2.compile(r"(?:[0-9A-Fa-f]{2}(?:[:,\s]|\\[rn]){0,6}){20}", _OPTIONS)
_ANY = re2.compile("|".join(each.pattern for each in (_ANY_BASE64, _ANY_SAFE, _ANY_HEX)), _OPTIONS)
"""In every text that holds what is below: RE2 sees in no time that nearly all have none."""
_SAFE = re.compile(rf"(?<![A-Za-z0-9_-])[A-Za-z0-9_-]{{{LEAST},}}(?![A-Za-z0-9_+/-])")
_HEX = re.compile(r"(?<![0-9A-Fa-f])(?:[0-9A-Fa-f]{2}(?:[:,\s]|\\[rn]){0,6}){40,}")
_ADDRESS = re.compile(r"(?:https?|ftp|mailto|cid)[:%][^\s\"'<>]*\Z", re.IGNORECASE)
_NAME = re.compile(r'"?([^";:\r\n]{1,200})')
_DIGITS = {ord(c): None for c in "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/=\r\n\t "}
_ESCAPED = re2.compile(
    r"(?:=[0-9A-F]{2}){3}|(?:%[0-9A-Fa-f]{2}){3}|\\u[0-9A-Fa-f]{4}|&#x?[0-9A-Fa-f]{2,6};|\\x[0-9A-Fa-f]{2}"
)
_BINARY = re.compile(r"(?i);ENCODING=(?:BASE64|B)\b")
"""What calendars and cards say of a file (RFC 5545 3.2.7): with a name it is one, whatever it is."""
_UNICODE = re.compile(r"\\u([0-9A-Fa-f]{4})")
_OCTETS = re.compile(r"(?:\\x[0-9A-Fa-f]{2})+")


class Inside(NamedTuple):
    """A file in a text, and the name that stands beside it, or ""."""

    name: str
    content: bytes


def files_in(text: str) -> Iterator[Inside]:
    """The files in a text; everything that is a text itself is joined into one file at the end. Raises Stop when there are
    more than MOST: what was not looked at must not pass for read."""
    texts: list[bytes] = []
    count = 0
    alone = _is_nothing_else(text)
    for name, content in [("", unbase64(text.encode()))] if alone else _candidates(text):
        kind = detect(name, content)
        if kind == "text":
            texts.append(content)
        elif alone or (name and content) or _is_true(kind, content):
            count += 1
            if count > MOST:
                raise Stop(Reason.MEMBERS, "text: too many files")
            yield Inside(name, content)
    if texts:
        yield Inside("", b"\n".join(texts))


def _is_nothing_else(text: str) -> bool:
    """True for a text that is base64 in three lines or more, as programs write it, and nothing else: a file of whatever kind."""
    if not _LINES.match(text):
        return False
    lines = text.split()
    form = len(lines) > 2 and len(lines[0]) in _WIDTHS and len({len(line) for line in lines[:-1]}) == 1
    return form and not text.translate(_DIGITS) and bool(_MIXED.match("".join(lines)))


def _is_true(kind: str, content: bytes) -> bool:
    """False for what only looks like a kind by two octets, and for pictures and fonts that are nothing else."""
    if kind in ("unknown", "empty"):
        return len(content) > LARGE * 3 // 4 - 3
    if kind == "exe":
        at = int.from_bytes(content[60:64], "little")
        return content[at : at + 4] == b"PE\0\0"
    if kind == "gz":
        return content[2:3] == b"\x08"
    return kind not in ("image", "font", "audio", "video") or not alone(kind, content)


def _candidates(text: str) -> Iterator[tuple[str, bytes]]:
    if "begin " in text or "BinHex" in text:
        raw = text.encode("latin-1" if text.isascii() else "utf-8", "replace")
        for name, piece in encoding.uu_files(raw):
            yield decode(name, ""), encoding.uuencoded(piece)[0]
        try:
            forks = binhex.files(raw)
        except OverflowError:
            raise Stop(Reason.BYTES, "binhex") from None
        for name, content in forks:
            yield decode(name, ""), content
    if "-----BEGIN PGP MESSAGE" in text:
        for armor in ARMOR.finditer(text.encode("latin-1", "replace")):
            yield "", armor[0]
    octets = text.encode("utf-8", "replace")
    if not _ANY.search(octets):
        octets = b""
    for match in _BASE64.finditer(text) if octets and _ANY_BASE64.search(octets) else ():
        if found := _content(text, match):
            yield found
    for match in _SAFE.finditer(text) if octets and _ANY_SAFE.search(octets) else ():
        own = ("-" in match[0] or "_" in match[0]) and not match[0].startswith(("--", "__"))
        if own and (found := _content(text, match)):
            yield found
    for match in _HEX.finditer(text) if octets and _ANY_HEX.search(octets) else ():
        digits = re.sub(r"[^0-9A-Fa-f]", "", match[0])
        content = binascii.a2b_hex(digits[: len(digits) & ~1])
        if _is_file(content):
            yield "", content
    if "\n" in text.strip()[: LEAST + 2] and " " not in text.strip() and not text.translate(_DIGITS):
        content = unbase64(text.encode())  # in lines shorter than any program writes
        if _is_file(content[:HEAD]):
            yield "", content


def _content(text: str, match: re.Match[str]) -> tuple[str, bytes] | None:
    """Name and content of a run that is a file; None for a part of an address, and for what decodes to nothing known."""
    before = text[max(0, match.start() - 300) : match.start()]
    if _ADDRESS.search(before):
        return None
    lines = match[0].replace("\\r", " ").replace("\\n", " ").replace("-", "+").replace("_", "/").split()
    if len(lines) > 2 and len(lines[-2]) < len(lines[0]) and not lines[-1].endswith("="):
        del lines[-1]  # a word behind the last line
    digits = "".join(lines)
    if _CHECK_SUM.fullmatch(
        digits
    ):  # all of it: what begins with zeros, as a disk image does, is digits of A at first
        return None
    line = before.rpartition("\n")[2]
    at = line.upper().rfind("NAME=")
    named = _NAME.match(line, at + 5) if at >= 0 else None
    if not (named and _BINARY.search(line)) and not (
        _is_file(unbase64(digits[:HEAD].encode())) or _is_large(lines, digits)
    ):
        return None
    return named[1] if named else "", unbase64(digits.encode())


def _is_large(lines: list[str], digits: str) -> bool:
    """True for a run that is a file of some kind by its size and form; lists of keys and check sums are none."""
    form = len(lines) == 1 or len(lines[0]) in _WIDTHS
    return form and len(digits) >= LARGE and bool(_MIXED.match(digits))


def _is_file(head: bytes) -> bool:
    """True for the beginning of a file that somebody reads, or of a text without noise."""
    if len(head) < 12:
        return False
    if is_known(head) or is_tar(head):
        return True
    if head[:2] in (b"\xff\xfe", b"\xfe\xff") or wide(head[: len(head) & ~1]):
        return bool(
            _WRITTEN.search(
                decode(head[: len(head) & ~1], "" if head[0] > 0xFD else wide(head[: len(head) & ~1]))
            )
        )
    if any(octet < 32 and octet not in b"\t\n\r\x1b\x0c" for octet in head[:300]):
        return False
    for codec in ("utf-8", "cp932", "euc_jp"):
        text = head.decode(codec, "ignore")
        if len(text.encode(codec)) >= len(head) - 3:
            return codec == "utf-8" or len(_JAPANESE.findall(text)) * 3 > len(text)
    return False


def unescaped(text: str) -> str:
    """The text with its escapes undone, "" when there are none that say something else than ASCII."""
    if not ("\\" in text or "%" in text or "=" in text or "&#" in text):
        return ""
    if not _ESCAPED.search(text.encode("utf-8", "replace")):
        return ""
    plain = (
        html.unescape(_UNICODE.sub(lambda m: chr(int(m[1], 16)), text))
        if "\\u" in text or "&#" in text
        else text
    )
    plain = plain.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    if "\\x" in plain:
        plain = _OCTETS.sub(lambda m: decode(binascii.a2b_hex(m[0].replace("\\x", "")), ""), plain)
    if "%" in plain:
        plain = unquote(plain)
    if "=" in plain and re.search(r"(?:=[0-9A-F]{2}){3}", plain):
        plain = decode(quopri.decodestring(plain.encode("utf-8", "replace")), "")
    return plain if plain != text and not plain.isascii() else ""
