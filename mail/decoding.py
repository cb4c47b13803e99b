"""Bytes to text: the charset that the sender names, the one it really is, and how to tell them apart.

Nothing here raises for bad input: a charset that lies or is unknown is replaced by a guess, a broken
character by U+FFFD. Every codec that may be needed is loaded when this module is imported, because the process
that examines mail cannot open files later.
"""

import codecs
import re
from collections import Counter
from collections.abc import Callable

from mail.charset_labels import DECODERS, decoder
from mail.jis import euc, iso2022jp

_OWN = {"jis", "euc"}
_ASCII = bytes(range(128))
_PRINTABLE = dict.fromkeys((*range(0x20, 0x7F), *b"\t\r\n"))
"""To delete what can be shown."""
for _name in {*DECODERS, "euc_jp", "euc_jis_2004", "euc_kr", "gb2312", "latin-1", "idna"} - _OWN:
    codecs.lookup(_name)


_HALF_WIDTH = re.compile("[\uff61-\uff9f]{3,}")


def _weight(text: str) -> float:
    """How much a text looks like Japanese that somebody wrote: kana count for it most, rare characters against it."""
    score = 0.0
    for char, times in Counter(text[:2000]).items():
        if "\u3041" <= char <= "\u30fe":
            score += 2 * times
        elif "\u4e00" <= char <= "\u9fff" or "\u3000" <= char <= "\u3020" or "\uff01" <= char <= "\uff5e":
            score += times
        elif "\uff61" <= char <= "\uff9f":
            score -= 0.5 * times
        elif char == "\ufffd" or "\ue000" <= char <= "\uf8ff" or "\x80" <= char <= "\x9f":
            score -= 10 * times
    # Machines write names so; Latin text has no three such bytes in a row. Less than a kanji of EUC-JP, which they may be.
    return score + sum(0.9 * len(run) for run in _HALF_WIDTH.findall(text[:2000]))


def detect(data: bytes) -> str:
    """The most likely charset of unlabelled bytes: a key of the codec table, "" when nothing fits."""
    if data[:3] == b"\xef\xbb\xbf":
        return "utf-8"
    if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return "utf-32" if data[:4] == b"\xff\xfe\0\0" else "utf-16"
    if b"\0" in data and (wide := _wide(data)):
        return wide
    if b"\x1b$" in data or b"\x1b(I" in data:
        return "iso-2022-kr" if b"\x1b$)C" in data else "iso-2022-jp"
    return "us-ascii" if data.isascii() else _eight_bit(data)


def _eight_bit(data: bytes) -> str:
    """What `detect` says of non-ASCII bytes without escape sequences."""
    try:
        data.decode("utf-8")
        return "utf-8"
    except UnicodeDecodeError:
        pass
    best, most = "", 0.0
    # Short EUC-JP is also valid GB 18030 and Shift_JIS half-width kana: the order breaks ties in favour of Japanese.
    for name, codec in (("euc-jp", "euc_jp"), ("shift_jis", "cp932")):
        sample = data[:8000]
        try:
            text = sample.decode(codec)
        except UnicodeDecodeError as error:
            if error.start < len(sample) - 3 or len(data) <= 8000:
                continue
            text = sample[: error.start].decode(codec, "replace")
        score = _weight(text)
        # Accented Latin text is sometimes valid Shift_JIS: the Japanese must outweigh its bytes.
        if score > most and score * 3 >= len(sample.translate(None, _ASCII)) * 0.9:
            best, most = name, score
    if not best and len(data) > 8 and len(data[:8000].translate(None, _ASCII)) * 5 > min(len(data), 8000):
        for name, codec in (("gb18030", "gb2312"), ("big5", "big5"), ("euc-kr", "euc_kr")):
            try:
                data.decode(codec)
                return name
            except UnicodeDecodeError:
                continue
    return best or (_wide(data) if len(data) > 8 else "")


def _wide(data: bytes) -> str:
    """UTF-16 or UTF-32 without a byte order mark: whichever makes the bytes a text, "" when none does."""
    best, most = "", 0.0
    sample = data[: 2000 - 2000 % 4] if len(data) > 2000 else data
    for name in ("utf-32le", "utf-32be", "utf-16le", "utf-16be"):
        unit = 4 if name.startswith("utf-32") else 2
        if len(data) % unit:
            continue
        try:
            text = sample[: len(sample) - len(sample) % unit].decode(decoder(name))
        except UnicodeDecodeError:
            continue
        score = _weight(text) + len(text) - len(text.translate(_PRINTABLE))
        if score > most and score >= 0.9 * len(text):
            best, most = name, score
    return best


def _jis(data: bytes) -> str:
    return iso2022jp(data, _beyond)


def _beyond(rest: bytes) -> Callable[[bytes], str]:
    """The decoder for 8-bit stretches in ISO-2022-JP text, chosen by all such bytes together."""
    codec = decoder(_eight_bit(rest)) or "cp1252"
    return _western if codec == "cp1252" else lambda piece: _plain(piece, codec)


def _guessed(data: bytes) -> str:
    found = detect(data)
    text = _plain(data, decoder(found)) if found else _western(data)
    if found == "us-ascii" or (found and "\ufffd" not in text) or b"\n" not in data:
        return text
    return "".join(_line(line) for line in data.splitlines(keepends=True))


def _line(line: bytes) -> str:
    """One line of a text that mixes charsets."""
    found = detect(line)
    return _plain(line, decoder(found)) if found else _western(line)


def _whole(text: str) -> str:
    """Without halves of surrogate pairs, which UTF-7 may bring and which nothing can encode."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
    return text


def _plain(data: bytes, codec: str) -> str:
    if codec == "jis":
        return _jis(data)
    if codec == "euc":
        return euc(data)
    if codec == "utf-8" and data[:3] == b"\xef\xbb\xbf":
        data = data[3:]
    try:
        text = data.decode(codec, "replace")
        return _whole(text) if codec == "utf-7" else text
    except (UnicodeError, ValueError):  # utf-16 without a byte order mark and the like
        return data.decode("latin-1")


_ODD = re.compile(rb"[\0\x0e\x0f\x1b]")


def is_plain(data: bytes) -> bool:
    """True for ASCII without what switches to another charset: every reader takes it for the same text."""
    return data.isascii() and not _ODD.search(data)


_UNITS = {"utf-16": "utf-16-le", "utf-16-le": "utf-16-le", "utf-16-be": "utf-16-be"}
_UNITS |= dict.fromkeys(("utf-32", "utf-32-le", "utf-32-be"), "")


def _is_kana(data: bytes, codec: str) -> bool:
    """True for ASCII octets that are Japanese in UTF-16: kana are half of what people write, and chance makes few."""
    if not _UNITS[codec]:
        return False
    text = data[:2000].decode(_UNITS[codec], "replace")
    return sum("\u3041" <= c <= "\u30fe" for c in text) * 5 > len(text)


def decode(data: bytes, charset: str = "") -> str:
    """The text of `data`, which its sender labelled `charset` ("" for unlabelled). Never raises.

    The label is believed when it can be true. Japanese that is labelled US-ASCII, ISO-8859-1 or with the wrong
    Japanese charset is read as what it is.
    """
    codec = decoder(charset)
    if not codec:
        return _guessed(data)
    if codec not in ("jis", "utf-7", "hz", "iso2022_kr") and b"\x1b$" in data and b"\0" not in data[:64]:
        return _jis(data)
    if data.isascii() and codec in ("ascii", "utf-8", "cp932", "euc", "cp1252"):
        return data.decode("ascii")
    if codec in _UNITS and is_plain(data) and not _is_kana(data, codec):
        return data.decode(
            "ascii"
        )  # a program that names UTF-16 and writes ASCII; no text in UTF-16 looks like it
    if codec == "ascii":
        return _guessed(data)
    if codec == "jis":
        return _jis(data) if b"\x1b" in data or data.isascii() or b"\x0e" in data else _guessed(data)
    if codec in ("cp1252", "cp1254", "iso8859-15"):
        found = detect(data)
        if found == "utf-8" or (found in ("euc-jp", "shift_jis") and len(data) > 7):
            return _plain(data, decoder(found))
        return data.decode(codec, "replace") if codec != "cp1252" else _western(data)
    try:
        if codec == "utf-16" and data[:2] not in (b"\xff\xfe", b"\xfe\xff") and (wide := _wide(data)):
            return data.decode(decoder(wide))
        if codec == "utf-7":
            return _whole(data.decode(codec))
        if codec != "euc":
            return (
                data.removeprefix(b"\xef\xbb\xbf").decode("utf-8") if codec == "utf-8" else data.decode(codec)
            )
        text = euc(data)
        if "\ufffd" not in text:
            return text
    except (UnicodeError, ValueError):
        pass
    labelled = _plain(data, codec)
    if labelled.count("\ufffd") * 50 > len(labelled) and (detect(data) or b"\n" in data):
        other = _guessed(data)
        if other.count("\ufffd") < labelled.count("\ufffd"):
            return other
    return labelled


_UTF7 = re.compile(rb"\+([A-Za-z0-9+/]{8,4000})-?")


def is_utf7(data: bytes) -> bool:
    """True for ASCII in which Japanese is hidden as UTF-7 (RFC 2152), whatever its label says."""
    if b"+" not in data or not data.isascii():
        return False
    for count, match in enumerate(_UTF7.finditer(data)):
        text = (b"+" + match[1] + b"-").decode("utf-7", "replace")
        if _weight(text) >= 0.9 * len(text):
            return True
        if count > 200:
            break
    return False


def _western(data: bytes) -> str:
    try:
        return data.decode("cp1252")
    except UnicodeDecodeError:
        return data.decode("latin-1")


_STATEFUL = re.compile(rb"\x1b\$(?:\(.|.)[^\r\n\x1b]*")
_SHIFT_JIS_PAIR = re.compile(rb"[\x81-\x9f\xe0-\xfc][\x40-\x7e\x80-\xfc]")


def masked(data: bytes) -> bytes:
    """`data` with every raw multi-byte character replaced by 0xFF bytes; same length.

    The second byte of a Shift_JIS character and both bytes of an ISO-2022-JP one can look like a quote, backslash,
    comma or bracket: tokenise the masked form and slice the original.
    """
    if b"\x1b$" not in data and data.isascii():
        return data
    if b"\x1b$" in data:
        data = _STATEFUL.sub(lambda m: b"\xff" * len(m[0]), data)
    if not data.isascii() and detect(data) == "shift_jis":
        data = _SHIFT_JIS_PAIR.sub(b"\xff\xff", data)
    return data
