"""The example letters in disguise: what folding, decoding and reading undo, done to them."""

import base64
import re
import unicodedata
from collections.abc import Callable, Iterator
from html import escape

import msgspec

from filters.examples import ExampleLetter, mail_of
from filters.rule import Mail
from mail.message import Message

CHARSETS = ("iso-2022-jp", "shift_jis", "euc-jp", "utf-16", "utf-7", "gb18030", "windows-1252", "koi8-r")
_HALF = {
    unicodedata.normalize("NFKC", chr(c) + mark): chr(c) + mark for mark in ("", "\uff9e", "\uff9f") for c in range(0xFF61, 0xFF9E)
}  # fmt: skip
_LETTERS = re.compile(r"\w")


def full_width(text: str) -> str:
    return "".join(chr(ord(c) + 0xFEE0) if "!" <= c <= "~" else c for c in text)


def half_width(text: str) -> str:
    return "".join(_HALF.get(c, c) for c in text)


def zero_width(text: str) -> str:
    return _LETTERS.sub(lambda m: m[0] + "\u200b", text)


def spaced(text: str) -> str:
    return re.sub(r"(?<=[\u3041-\u9fff])(?=[\u3041-\u9fff])", " ", text)


def decomposed(text: str) -> str:
    return unicodedata.normalize("NFD", text)


OF_TEXT: tuple[Callable[[str], str], ...] = (
    full_width,
    half_width,
    zero_width,
    spaced,
    decomposed,
    str.upper,
)


def _in_text(change: Callable[[str], str], text: str) -> str:
    """The text changed; of HTML what stands between tags."""
    if not text.startswith("<"):
        return change(text)
    return re.sub(r"(?<=>)[^<]+(?=<)", lambda m: change(m[0]), text)


def _tags_between(text: str) -> str:
    if text.startswith("<"):
        return re.sub(r"(?<=>)[^<&]+(?=<)", lambda m: "<b></b>".join(m[0]), text)
    lines = text.split("\n")
    return "<p>" + "<br>".join("<i></i>".join(map(escape, line)) for line in lines) + "</p>"


def disguised(letter: ExampleLetter, direction: str) -> Iterator[tuple[str, Mail]]:
    """(name of the disguise, the letter in it); fewer of a letter with files, in which the text matters less."""
    yield "as it is", mail_of(letter, direction)
    if not letter.all("content-type"):
        for change in OF_TEXT if not letter.all("attach") else OF_TEXT[2:3]:
            fields = tuple((n, change(v) if n == "subject" else v) for n, v in letter.fields)
            text = _in_text(change, letter.text)
            yield (
                change.__name__,
                mail_of(msgspec.structs.replace(letter, text=text, fields=fields), direction),
            )
        tagged = msgspec.structs.replace(letter, text=_tags_between(letter.text))
        yield "tags between", mail_of(tagged, direction)
    for how in ("B", "Q"):
        words = tuple((n, _words(v, how) if n == "subject" else v) for n, v in letter.fields)
        yield f"encoded words {how}", mail_of(msgspec.structs.replace(letter, fields=words), direction)
    whole = mail_of(letter, direction)
    for charset in CHARSETS if not letter.all("attach") else CHARSETS[:1]:
        yield charset, _in_charset(whole, letter.text, charset)


def _words(text: str, how: str) -> str:
    """Each character an encoded word of its own (RFC 2047)."""
    if how == "B":
        return " ".join(f"=?utf-8?B?{base64.b64encode(c.encode()).decode()}?=" for c in text)
    return " ".join("=?utf-8?Q?" + "".join(f"={b:02X}" for b in c.encode()) + "?=" for c in text)


def _in_charset(mail: Mail, text: str, charset: str) -> Mail:
    """The mail with its text in this charset; what the charset lacks is "?"."""
    lines = (text.replace("\n", "\r\n") + "\r\n").encode()
    raw = bytes(mail.message.raw)
    before = re.sub(rb"\s+", b"", base64.b64encode(lines))
    at = raw.find(before[:60])
    start = raw.rfind(b"charset=utf-8", 0, max(at, 0))
    if at < 0 or start < 0:
        return mail
    end = raw.find(b"\r\n--b1", at)
    head = raw[:start] + f"charset={charset}\r\nContent-Transfer-Encoding: base64\r\n\r\n".encode()
    body = base64.encodebytes(lines.decode().encode(charset, "replace")).replace(b"\n", b"\r\n")
    return Mail(Message(head + body + (raw[end:] if end > 0 else b"")), mail.facts)
