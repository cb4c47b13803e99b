"""One MIME part of a mail: its header, what it says about itself, its content."""

import re
import weakref
from collections.abc import Sequence

from mail.cached import cached_property
from mail.charset import decode
from mail.encoding import IDENTITY, KNOWN, UUENCODE, decoded, guesses
from mail.header import Header, read_headers
from mail.parameters import Parameters, parameters

_TYPE = re.compile(
    rb"[ \t\r\n]*([A-Za-z0-9!#$&^_.+-]+)[ \t]*/[ \t]*([A-Za-z0-9!#$&^_.+-]+)[ \t\r\n]*(?:[;(]|\Z)"
)
_TOKEN_ONLY = re.compile(rb"[ \t\r\n]*([^\s;()]+)[ \t\r\n]*(?:\([^()]*\)[ \t\r\n]*)?(?:;|\Z)")


_UNDERSTOOD = KNOWN | UUENCODE


class Part:
    """One MIME part: `path` is "" for the mail itself, "2" for its second part, "2.1" for the first in that.

    All offsets are those of `view`, the bytes of the whole mail. `span` covers the part with its header; `header_end`
    is where its body begins; `body_span` ends before the line end that belongs to the next boundary. A message/rfc822
    part has one child: the mail inside. A part keeps the one around it alive; its children live as long as somebody has
    them, as the mail's `parts` do: so nothing goes round in a circle, and a mail is gone when its last user is.
    `end_boundary` is the offset after the end boundary line of a multipart, -1
    without one; `false_delimiters` are the offsets of the first lines that begin like a boundary line and go on;
    `junk_lines` those of the lines between header fields that are not header fields. `decoded` is True once `content`
    ran, so that `problems` also names what it met.
    """

    def __init__(
        self,
        view: memoryview,
        path: str,
        parent: "Part | None",
        span: tuple[int, int],
        default: str = "text/plain",
    ) -> None:
        self.view = view
        self.path = path
        self.parent = parent
        self.span = span
        self._children: tuple[weakref.ref[Part], ...] = ()
        self.problems: list[str] = []
        self.end_boundary = -1
        self.false_delimiters: list[int] = []
        self.decoded = False
        self._content: bytes | None = None
        self._default = default
        self.junk_lines: list[int] = []
        self.headers, self.header_end = read_headers(view, span, self.problems, self.junk_lines)

    def __repr__(self) -> str:
        return f"Part({self.path!r}, {self.content_type}, {self.span})"

    @property
    def children(self) -> "tuple[Part, ...]":
        """The parts in this one, once the mail's `parts` were asked for. Raises ReferenceError when they are gone."""
        if not self._children:
            return ()
        parts = tuple([child() for child in self._children])
        if None in parts:
            raise ReferenceError("the mail of this part is gone")
        return parts  # type: ignore[return-value]

    @children.setter
    def children(self, parts: "Sequence[Part]") -> None:
        self._children = tuple(map(weakref.ref, parts))

    @property
    def body_span(self) -> tuple[int, int]:
        return self.header_end, self.span[1]

    @property
    def body(self) -> memoryview:
        """The body as it came, still transfer-encoded."""
        return self.view[self.header_end : self.span[1]]

    def all(self, name: str) -> list[Header]:
        found = []
        for header in self.headers:
            if header.name == name:
                found.append(header)
        return found

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

    @cached_property
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

    @cached_property
    def charset(self) -> str:
        return self.parameters.get("charset", "").strip().lower()

    @cached_property
    def encoding(self) -> str:
        """The transfer encoding that counts: "7bit" when absent, "binary" for one that nobody knows: its octets are the
        content."""
        said = self.declared_encoding
        return said if said in _UNDERSTOOD else "binary"

    @property
    def declared_encoding(self) -> str:
        """The transfer encoding as declared, in lower case; "7bit" when absent."""
        header = self.first("content-transfer-encoding")
        value = header.value.decode("latin-1").strip().lower() if header else ""
        return value or "7bit"

    @cached_property
    def encoding_guesses(self) -> tuple[str, ...]:
        """What some readers undo instead, because they do not know what is declared (mail.encoding.guesses)."""
        return guesses(self.declared_encoding, self.body) if self.encoding == "binary" else ()

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

    @cached_property
    def disposition(self) -> str:
        """ "inline", "attachment", whatever else the sender wrote, or ""."""
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

    @cached_property
    def is_multipart(self) -> bool:
        return self.content_type.startswith("multipart/")

    @cached_property
    def is_message(self) -> bool:
        return self.content_type in ("message/rfc822", "message/global", "message/news")

    @property
    def is_attachment(self) -> bool:
        """True for a leaf or an embedded mail that a person would see as a file, not as the text that they read."""
        if self._children and self.is_multipart:
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
        """The body with its transfer encoding undone, as far as possible; damage is added to `problems`."""
        if self._content is not None:
            return self._content
        data, problem = decoded(self.body, self.encoding)
        self.decoded = True
        # Leaves only: one for each level of a deep mail would cost memory. Without an encoding it is just a copy.
        if not self.children and self.encoding not in IDENTITY:
            self._content = data
        if problem and problem not in self.problems:
            self.problems.append(problem)
        return data

    def text(self) -> str:
        """`content()` as text in its charset, or in the one it is really in."""
        return decode(self.content(), self.charset)
