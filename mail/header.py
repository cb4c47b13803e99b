"""Header fields of a mail or part: where they are, and where the body begins."""

import re

from mail.charset import decode_header, unfold

MAX_HEADER_BLOCK = 512 * 1024
MAX_HEADER = 32 * 1024
MAX_ADDRESS_HEADER = 384 * 1024
"""A field of recipients: as many mailboxes as a mail may have recipients (limits.recipients), with long names."""
MAX_HEADERS = 1000

_ADDRESSES = re.compile(rb"(?i:(?:resent-)?(?:to|cc|bcc))")

_FIELD = re.compile(rb"(?:([!-9;-~]+)[ \t]*:)?[^\n]*(?:\n(?:[ \t][^\n]*(?:\n|\Z))*|\Z)")


class Header:
    """One header field. `span` covers its lines with their line ends, `raw` is the whole field with them, as it came; `value` is
    unfolded bytes, `text` is decoded."""

    __slots__ = ("_text", "name", "raw", "raw_name", "span")

    def __init__(self, raw_name: bytes, span: tuple[int, int], field: bytes) -> None:
        self.raw_name = raw_name
        self.name = raw_name.decode("ascii").lower()
        self.span = span
        self.raw = field
        self._text: str | None = None

    @property
    def value(self) -> bytes:
        return unfold(self.raw[self.raw.index(b":") + 1 :])

    @property
    def text(self) -> str:
        if self._text is None:
            self._text = decode_header(self.value)
        return self._text

    def __repr__(self) -> str:
        return f"Header({self.raw_name!r}, {self.span})"


def read_headers(
    view: memoryview, span: tuple[int, int], problems: list[str], junk_lines: list[int]
) -> tuple[list[Header], int]:
    """The header fields of a part, and the offset where its body begins.

    Names of damage are added to `problems`, offsets of lines that are not header fields to `junk_lines`.
    """
    start, end = span
    block, rest = b"", start
    for size in (8192, MAX_HEADER_BLOCK + 4):
        block = bytes(view[start : min(end, start + size)])
        if block[:1] == b"\n" or block[:2] == b"\r\n":
            return [], start + (1 if block[:1] == b"\n" else 2)
        crlf = block.find(b"\n\r\n")
        lf = block.find(b"\n\n", 0, crlf + 1 if crlf >= 0 else len(block))
        if lf >= 0 or crlf >= 0:
            stop, rest = (lf + 1, start + lf + 2) if lf >= 0 else (crlf + 1, start + crlf + 3)
            block = block[:stop]
            break
        if start + size >= end:
            rest = end
            break
    else:
        problems.append("header-block-too-large")
        rest = start + len(block)
    headers: list[Header] = []
    junk: list[int] = []  # offsets of lines since the last field that are not fields
    at = 0
    for match in _FIELD.finditer(block):
        at, stop = match.span()
        field, name = match[0], match[1]
        if not field:
            break
        if not name:
            if at == 0 and start == 0 and field.startswith(b"From "):
                problems.append("mbox-line")
                continue
            junk.append(start + at)
            continue
        if junk:
            problems.append("junk-in-header")
            junk_lines += junk
            junk = []
        if stop - at > MAX_HEADER and "header-too-large" not in problems:
            most = MAX_ADDRESS_HEADER if _ADDRESSES.fullmatch(name) else MAX_HEADER
            if stop - at > most:
                problems.append("header-too-large")
        if len(headers) >= MAX_HEADERS:
            problems.append("too-many-headers")
            break
        headers.append(Header(name, (start + at, start + stop), field))
    if junk:
        # Nothing that looks like a header follows: the body begins here, the empty line is missing.
        if headers and "header-block-too-large" not in problems:
            problems.append("missing-blank-line")
        return headers, junk[0] if "header-block-too-large" not in problems else rest
    return headers, rest
