"""Text in binary files of any kind: runs in UTF-16, UTF-8 and Shift_JIS, for formats that we cannot read."""

import re

_LEAST = 4
_UTF16 = re.compile(
    rb"(?:[\x09\x0a\x0d\x20-\x7e]\x00|[\x00-\xff]\x30|[\x00-\xff][\x4e-\x9f]|[\x00-\xef]\xff|[\x10-\x7f]\x20){4,}"
)
_UTF16_BE = re.compile(
    rb"(?:\x00[\x09\x0a\x0d\x20-\x7e]|\x30[\x00-\xff]|[\x4e-\x9f][\x00-\xff]|\xff[\x00-\xef]|\x20[\x10-\x7f]){4,}"
)
_BYTES = re.compile(rb"(?:[\x20-\x7e\t\r\n]|[\x81-\x9f\xe0-\xfc][\x40-\x7e\x80-\xfc]|[\xa1-\xdf]){6,}")
_UTF8 = re.compile(rb"(?:[\x20-\x7e\t\r\n]|[\xe3-\xe9][\x80-\xbf]{2}|\xef[\xbc-\xbe][\x80-\xbf]){6,}")
_JAPANESE = re.compile(r"[\u3041-\u30fe\u4e00-\u9fff]{2}")
_KANA = re.compile(r"[\u3041-\u30fe]")
_PRINTABLE = bytes(range(0x20, 0x7F)) + b"\t\r\n"
"""The bytes of plain ASCII, which looks like rare characters when read in pairs."""
MOST = 4_000_000
"""How many bytes of one stream are searched."""


def wide(data: bytes, *, big: bool = False) -> str:
    """Runs of UTF-16 at both alignments: Japanese, or at least _LEAST characters of ASCII."""
    pattern, codec = (_UTF16_BE, "utf-16-be") if big else (_UTF16, "utf-16-le")
    runs = [
        text
        for start in (0, 1)
        for m in pattern.finditer(data[start:MOST])
        if (text := m[0].decode(codec, "ignore")) and (_KANA.search(text) or m[0].translate(None, _PRINTABLE))
    ]
    return "\n".join(dict.fromkeys(run for run in runs if run.strip()))


def narrow(data: bytes) -> str:
    """Runs of UTF-8 and Shift_JIS that contain Japanese or look like words."""
    found = []
    for match in _UTF8.finditer(data[:MOST]):
        found.append(match[0].decode("utf-8", "ignore"))
    for match in _BYTES.finditer(data[:MOST]):
        if not match[0].isascii():
            text = match[0].decode("cp932", "ignore")
            if _JAPANESE.search(text):
                found.append(text)
    return "\n".join(dict.fromkeys(found))


def texts(data: bytes) -> str:
    """Everything in `data` that may be text. Expect noise in between: good only for finding marks."""
    return "\n".join(part for part in (wide(data), wide(data, big=True), narrow(data)) if part)
