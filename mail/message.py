"""A mail as a read-only, bounded view of its raw bytes: spans, headers, parts, texts.

Nothing is copied that need not be and nothing is parsed before somebody asks. Nothing here raises for bad
input: damage is data, in `problems`. A problem of LIMITS means that a part of the mail was not looked at.

Diagnostics: the names in `Message.problems` and `Part.problems`; see PROBLEMS.
"""

import re
from collections.abc import Iterator
from functools import cached_property

from mail.charset import decode, decode_header, unfold
from mail.encoding import decoded
from mail.parameters import Parameters, parameters

MAX_HEADER_BLOCK = 256 * 1024
MAX_HEADER = 32 * 1024
MAX_HEADERS = 1000
MAX_PARTS = 500
MAX_DEPTH = 20
MAX_FALSE_DELIMITERS = 5000

PROBLEMS = {
    "header-block-too-large": "more than 256 KiB of header fields",
    "header-too-large": "one header field of more than 32 KiB",
    "too-many-headers": "more than 1,000 header fields in one part",
    "too-many-parts": "more than 500 parts, or thousands of lines that nearly are boundaries",
    "too-deep": "parts nested more than 20 deep",
    "too-many-parameters": "more than 100 parameters in one header field",
    "too-many-addresses": "more than 2,000 addresses in the header",
    "junk-in-header": "a line between header fields that is none",
    "missing-blank-line": "the body begins without an empty line after the header",
    "mbox-line": "a file that begins with the separator line of a mailbox file",
    "no-header": "the mail has no header field",
    "content-type-invalid": "a Content-Type that is not type/subtype",
    "no-boundary": "a multipart without a boundary parameter",
    "boundary-not-found": "a multipart whose boundary does not occur",
    "no-end-boundary": "a multipart without its end boundary",
    "encoded-multipart": "a multipart or message with a transfer encoding that hides its parts",
}
"""Every name that can stand in `Message.problems`, with its meaning."""

LIMITS = frozenset(
    {
        "header-block-too-large",
        "header-too-large",
        "too-many-headers",
        "too-many-parts",
        "too-deep",
        "too-many-parameters",
        "too-many-addresses",
    }
)
"""Problems that leave something unread: the mail is unexaminable and must be held."""

_FIELD = re.compile(rb"(?:([!-9;-~]+)[ \t]*:)?[^\n]*(?:\n(?:[ \t][^\n]*(?:\n|\Z))*|\Z)")
_TYPE = re.compile(
    rb"[ \t\r\n]*([A-Za-z0-9!#$&^_.+-]+)[ \t]*/[ \t]*([A-Za-z0-9!#$&^_.+-]+)[ \t\r\n]*(?:[;(]|\Z)"
)
_TOKEN_ONLY = re.compile(rb"[ \t\r\n]*([^\s;()]+)[ \t\r\n]*(?:\([^()]*\)[ \t\r\n]*)?(?:;|\Z)")
_DELIMITER_REST = re.compile(rb"(--)?[ \t]*(?:\r?\n|\r?\Z)")
_ADDRESS_HEADERS = frozenset({"from", "to", "cc", "bcc", "reply-to", "resent-to", "resent-cc", "resent-from"})
_WINDOW = 1 << 20


class Header:
    """One header field. `span` covers its lines with their line ends; `value` is unfolded bytes, `text` decoded."""

    __slots__ = ("_field", "_text", "name", "raw_name", "span")

    def __init__(self, raw_name: bytes, span: tuple[int, int], field: bytes) -> None:
        self.raw_name = raw_name
        self.name = raw_name.decode("ascii").lower()
        self.span = span
        self._field = field
        self._text: str | None = None

    @property
    def raw(self) -> bytes:
        """The whole field as it came, with its line ends."""
        return self._field

    @property
    def value(self) -> bytes:
        return unfold(self._field[self._field.index(b":") + 1 :])

    @property
    def text(self) -> str:
        if self._text is None:
            self._text = decode_header(self.value)
        return self._text

    def __repr__(self) -> str:
        return f"Header({self.raw_name!r}, {self.span})"


class Part:
    """One MIME part: `path` is "" for the mail itself, "2" for its second part, "2.1" for the first in that.

    `span` covers the part with its header; `header_end` is where its body begins; `body_span` ends before the
    line end that belongs to the next boundary. A message/rfc822 part has one child: the mail inside.
    `end_boundary` is the offset after the end boundary line of a multipart, -1 without one; `false_delimiters` are
    the offsets of the first lines that begin like a boundary line and go on. `decoded` tells
    that `content` ran once, so that `problems` also names what it met.
    """

    def __init__(
        self,
        message: "Message",
        path: str,
        parent: "Part | None",
        span: tuple[int, int],
        default: str = "text/plain",
    ) -> None:
        self.message = message
        self.path = path
        self.parent = parent
        self.span = span
        self.children: tuple[Part, ...] = ()
        self.problems: list[str] = []
        self.end_boundary = -1
        self.false_delimiters: list[int] = []
        self.decoded = False
        self._default = default
        self.headers, self.header_end = _read_headers(message, span, self.problems)

    def __repr__(self) -> str:
        return f"Part({self.path!r}, {self.content_type}, {self.span})"

    @property
    def body_span(self) -> tuple[int, int]:
        return self.header_end, self.span[1]

    @property
    def body(self) -> memoryview:
        """The body as it came, still transfer-encoded."""
        return self.message.view[self.header_end : self.span[1]]

    def all(self, name: str) -> list[Header]:
        return [h for h in self.headers if h.name == name]

    def first(self, name: str) -> Header | None:
        for header in self.headers:
            if header.name == name:
                return header
        return None

    @cached_property
    def _content_type(self) -> tuple[str, Parameters]:
        header = self.first("content-type")
        if header is None:
            return self._default, Parameters()
        value = header.value
        found = parameters(value)
        if found.too_many:
            self.problems.append("too-many-parameters")
        match = _TYPE.match(value)
        if not match:
            self.problems.append("content-type-invalid")
            return self._default, found
        return f"{match[1].decode('ascii')}/{match[2].decode('ascii')}".lower(), found

    @property
    def content_type(self) -> str:
        """Type and subtype in lower case; text/plain (message/rfc822 in a digest) when absent or invalid."""
        return self._content_type[0]

    @property
    def type_parameters(self) -> Parameters:
        """The parameters of Content-Type with all their readings."""
        return self._content_type[1]

    @property
    def disposition_parameters(self) -> Parameters:
        """The parameters of Content-Disposition with all their readings."""
        return self._disposition[1]

    @property
    def parameters(self) -> dict[str, str]:
        """Parameters of Content-Type, names in lower case, values decoded; the first of duplicates."""
        return self._content_type[1].values

    @property
    def charset(self) -> str:
        return self.parameters.get("charset", "").strip().lower()

    @cached_property
    def encoding(self) -> str:
        """The transfer encoding as declared, in lower case; "7bit" when absent."""
        header = self.first("content-transfer-encoding")
        value = header.value.decode("latin-1").strip().lower() if header else ""
        return value or "7bit"

    @cached_property
    def _disposition(self) -> tuple[str, Parameters]:
        header = self.first("content-disposition")
        if header is None:
            return "", Parameters()
        value = header.value
        match = _TOKEN_ONLY.match(value)
        found = parameters(value)
        if found.too_many:
            self.problems.append("too-many-parameters")
        kind = match[1].decode("latin-1").lower() if match else ""
        return ("" if "=" in kind else kind), found

    @property
    def disposition(self) -> str:
        """ "inline", "attachment", something else that the sender wrote, or ""."""
        return self._disposition[0]

    @property
    def filename(self) -> str:
        """The name as most clients show it, "" when there is none. It is data: it may contain anything."""
        names = self.filenames
        return names[0] if names else ""

    @cached_property
    def filenames(self) -> tuple[str, ...]:
        """Every reading of the name: filename*, filename, name*, name, duplicates, unquoted forms; best first."""
        names = [*self._disposition[1].readings("filename"), *self._content_type[1].readings("name")]
        for header in self.headers:
            # A second field of the same name counts for some clients.
            if header.name == "content-type" and header is not self.first("content-type"):
                names += parameters(header.value).readings("name")
            elif header.name == "content-disposition" and header is not self.first("content-disposition"):
                names += parameters(header.value).readings("filename")
        return tuple(dict.fromkeys(n for n in names if n.strip()))

    @property
    def is_multipart(self) -> bool:
        return self.content_type.startswith("multipart/")

    @property
    def is_message(self) -> bool:
        return self.content_type in ("message/rfc822", "message/global", "message/news")

    @property
    def is_attachment(self) -> bool:
        """True for a leaf or a mail inside that a person would see as a file: not the text or HTML they read."""
        if self.is_multipart and self.children:
            return False
        if self.parent is None or self.parent.is_message:
            return (
                self.disposition == "attachment"
                or bool(self.filename)
                or not self.content_type.startswith("text/")
            )
        if self.disposition == "attachment" or self.filename:
            return True
        return not self.content_type.startswith(("text/", "multipart/"))

    def content(self) -> bytes:
        """The body with its transfer encoding undone, as far as it goes; damage is added to `problems`."""
        body = self.body
        data, problem = decoded(body, self.encoding)
        self.decoded = True
        if problem and problem not in self.problems:
            self.problems.append(problem)
        return data

    def text(self) -> str:
        """`content()` as text in its charset, or in the one that it is really in."""
        return decode(self.content(), self.charset)


def _read_headers(message: "Message", span: tuple[int, int], problems: list[str]) -> tuple[list[Header], int]:
    """The header fields of a part and the offset where its body begins."""
    start, end = span
    view = message.view
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
    junk: list[int] = []  # offsets of lines that are no field, since the last field
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
            message.junk_lines += junk
            junk = []
        if stop - at > MAX_HEADER and "header-too-large" not in problems:
            problems.append("header-too-large")
        if len(headers) >= MAX_HEADERS:
            problems.append("too-many-headers")
            break
        headers.append(Header(name, (start + at, start + stop), field))
    if junk:
        # Nothing that looks like a header follows: the body begins here, an empty line is missing.
        if headers and "header-block-too-large" not in problems:
            problems.append("missing-blank-line")
        return headers, junk[0] if "header-block-too-large" not in problems else rest
    return headers, rest


class Message:
    """A whole mail. `raw` is bytes or a memoryview (also of an mmap); it is never changed and never copied whole.

    `headers`, `all` and `first` are those of the mail itself; `parts` are all parts, depth first, the mail
    itself (`root`) first. Both CRLF and bare LF end a line.
    """

    def __init__(self, raw: bytes | memoryview) -> None:
        self.raw = raw
        self.view = memoryview(raw)
        self.junk_lines: list[int] = []
        base = self.view.obj
        self._find = base if isinstance(base, bytes | bytearray) and len(base) == len(self.view) else None
        self._problems: list[str] = []

    def close(self) -> None:
        """Gives the buffer back, so that a mapped file can be closed; the message cannot be read after it."""
        self.view.release()

    def __len__(self) -> int:
        return len(self.view)

    @cached_property
    def root(self) -> Part:
        return Part(self, "", None, (0, len(self.view)))

    @property
    def headers(self) -> list[Header]:
        return self.root.headers

    @property
    def header_end(self) -> int:
        """Where the body begins: after the empty line."""
        return self.root.header_end

    def all(self, name: str) -> list[Header]:
        """The header fields of that name (lower case), in order."""
        return self.root.all(name)

    def first(self, name: str) -> Header | None:
        return self.root.first(name)

    @cached_property
    def parts(self) -> tuple[Part, ...]:
        """All parts, depth first; the root is the first, containers included."""
        ordered: list[Part] = []
        stack = [(self.root, 0)]
        budget = [MAX_PARTS - 1]
        while stack:
            part, depth = stack.pop()
            ordered.append(part)
            children = self._children(part, depth, budget)
            part.children = tuple(children)
            stack.extend((child, depth + 1) for child in reversed(children))
        return tuple(ordered)

    @cached_property
    def problems(self) -> tuple[str, ...]:
        """What is wrong with header and structure, each name once (not what undoing an encoding would meet)."""
        names: dict[str, None] = {}
        for part in self.parts:
            _ = part.disposition
            names.update(dict.fromkeys(part.problems))
        names = {n: None for n in names if n in PROBLEMS}
        if not self.headers:
            names["no-header"] = None
        if sum(h.raw.count(b"@") for h in self.headers if h.name in _ADDRESS_HEADERS) > 2000:
            names["too-many-addresses"] = None
        return tuple(names)

    @property
    def unread(self) -> tuple[str, ...]:
        """The problems that are limits: not empty means that the mail must be held as unexaminable."""
        return tuple(p for p in self.problems if p in LIMITS)

    def texts(self) -> Iterator[tuple[Part, str]]:
        """Every text part with its text, attachments included; a multipart that could not be split is one text."""
        for part in self.parts:
            if not part.children and (part.content_type.startswith("text/") or part.is_multipart):
                yield part, part.text()

    def find(self, needle: bytes, start: int, end: int) -> int:
        """The offset of `needle` in [start, end), -1 when it is not there."""
        if self._find is not None:
            return self._find.find(needle, start, end)
        # mmap.find compares byte by byte; bytes.find skips. Windows keep the copy small.
        while start < end:
            found = bytes(self.view[start : min(end, start + _WINDOW)]).find(needle)
            if found >= 0:
                return start + found
            start += max(1, _WINDOW - len(needle) + 1)
        return -1

    def _children(self, part: Part, depth: int, budget: list[int]) -> list[Part]:
        kind = part.content_type
        is_message = part.is_message
        if not (is_message or kind.startswith("multipart/")):
            return []
        if part.encoding not in ("7bit", "8bit", "binary"):
            part.problems.append("encoded-multipart")
            if is_message:
                return []
        if is_message:
            spans = [part.body_span]
        else:
            boundary = part.parameters.get("boundary", "")
            if not boundary:
                part.problems.append("no-boundary")
                return []
            spans = self._delimited(part, boundary.encode("utf-8", "replace"), budget[0])
        if spans and depth >= MAX_DEPTH:
            part.problems.append("too-deep")
            return []
        if len(spans) > budget[0]:
            part.problems.append("too-many-parts")
            del spans[budget[0] :]
        budget[0] -= len(spans)
        default = "message/rfc822" if kind == "multipart/digest" else "text/plain"
        prefix = f"{part.path}." if part.path else ""
        return [Part(self, f"{prefix}{n}", part, span, default) for n, span in enumerate(spans, 1)]

    def _delimited(self, part: Part, boundary: bytes, limit: int) -> list[tuple[int, int]]:
        """The spans between the boundary lines of a multipart (RFC 2046 §5.1.1)."""
        start, end = part.body_span
        needle = b"\n--" + boundary
        spans: list[tuple[int, int]] = []
        opened = -1  # where the current part begins
        false = 0
        at = max(0, start - 1)  # the line end before the body counts as the one before its first boundary
        while (found := self.find(needle, at, end)) >= 0:
            after = found + len(needle)
            rest = _DELIMITER_REST.match(bytes(self.view[after : min(end, after + 80)]))
            if not rest:
                false += 1
                if false <= 20:
                    part.false_delimiters.append(found + 1)
                if false > MAX_FALSE_DELIMITERS:
                    part.problems.append("too-many-parts")
                    break
                at = after
                continue
            if opened >= 0:
                stop = found - 1 if found > opened and self.view[found - 1] == 13 else found
                spans.append((opened, max(opened, stop)))
                if len(spans) > limit:
                    return spans
            if rest[1]:
                part.end_boundary = after + rest.end()
                return spans
            opened = after + rest.end()
            at = opened - 1
        if opened >= 0:
            spans.append((opened, end))
            part.problems.append("no-end-boundary")
        elif not spans:
            part.problems.append("boundary-not-found")
        return spans
