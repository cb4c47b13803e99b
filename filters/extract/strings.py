"""Text in binary files of any kind: runs in UTF-16, UTF-8 and Shift_JIS, for formats that we cannot read."""

import re
from collections.abc import Iterable
from itertools import filterfalse

from filters.extract.likely import PRINTABLE, Likely

MOST = 4_000_000
"""How many bytes of one stream are searched."""
LEAST = 6
"""Characters of a run in 8-bit encodings."""
SHORT = 2_000
"""Less than this is read as it is; in more, what is likely to be text is looked for first."""

_UTF16 = re.compile("[\t\n\r\x20-\x7e\u3000-\u30ff\u4e00-\u9fff\ufa0e-\ufa2d\uff00-\uffef\u2010-\u207f]{4,}")
_SHIFT_JIS = re.compile(rb"(?:[\x20-\x7e\t\r\n\xa1-\xdf]|[\x81-\x9f\xe0-\xfc][\x40-\x7e\x80-\xfc]){6,}+")
_UTF8 = re.compile(rb"(?:[\x20-\x7e\t\r\n]|[\xe3-\xe9][\x80-\xbf]{2}|\xef[\xbc-\xbe][\x80-\xbf]){6,}")
_JAPANESE = re.compile(r"[\u3041-\u30fe\u4e00-\u9fff]{2}")
_KANA = re.compile(r"[\u3041-\u30fe]")


def wide(data: bytes, *, big: bool = False) -> str:
    """Runs of UTF-16 at both alignments: Japanese, or at least four characters of ASCII."""
    data = _inner(data)
    return _wide(data, _likely(data), big)


def narrow(data: bytes) -> str:
    """Runs of UTF-8 and Shift_JIS that contain Japanese or look like words."""
    data = _inner(data)
    return _narrow(data, _likely(data))


def texts(data: bytes) -> str:
    """Everything in `data` that may be text. Expect noise in between: good only for finding marks."""
    data = _inner(data)
    likely = _likely(data)
    found = _wide(data, likely, False), _wide(data, likely, True), _narrow(data, likely)
    return "\n".join(part for part in found if part)


def _inner(data: bytes) -> bytes:
    """What is searched: not the zeros that files are filled up with, but for the one that may belong to a character."""
    data = data[:MOST]
    begin = len(data) - len(data.lstrip(b"\0"))
    return data[max(0, begin - 1) : len(data.rstrip(b"\0")) + 1]


def _likely(data: bytes) -> Likely | None:
    return Likely(data) if len(data) >= SHORT else None


def _wide(data: bytes, likely: Likely | None, big: bool) -> str:
    codec = "utf-16-be" if big else "utf-16-le"
    if likely is not None:
        # Joined by U+0000, which no run contains, they are decoded at once.
        joined = b"\0\0".join([data[a:b] for a, b in likely.wide(big=big)])
        return _lines(joined.decode(codec, "ignore").split("\0"))
    runs = [run for at in (0, 1) for run in _UTF16.findall(data[at:].decode(codec, "replace"))]
    return _lines(run for run in runs if _KANA.search(run) or run.encode(codec).translate(None, PRINTABLE))


def _narrow(data: bytes, likely: Likely | None) -> str:
    if likely is None:
        unicode, mixed = _UTF8.findall(data), data
    else:
        unicode = [data[a:b] for a, b in likely.utf8()]
        mixed = b"\0".join([data[a:b] for a, b in likely.japanese()])
    runs = [run for run in b"\0".join(unicode).decode("utf-8", "ignore").split("\0") if len(run) >= LEAST]
    eight = b"\0".join([run for run in _SHIFT_JIS.findall(mixed) if not run.isascii()])
    return _lines([*runs, *filter(_JAPANESE.search, eight.decode("cp932", "ignore").split("\0"))])


def _lines(runs: Iterable[str]) -> str:
    """Each run once, in a line of its own."""
    return "\n".join(dict.fromkeys(filterfalse(str.isspace, filter(None, runs))))
