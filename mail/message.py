"""A mail as a read-only, bounded view of its raw bytes: spans, headers, parts, texts.

Nothing is copied without need, nothing is parsed before somebody asks, and nothing raises for bad input: damage
is data, in `problems`. A problem in LIMITS means that some of the mail was not looked at.

Diagnostics: the names in `Message.problems` and `Part.problems`; see PROBLEMS.
"""

import re
from collections.abc import Iterable, Iterator

from mail.address import Mailbox, header_addresses
from mail.cached import cached_property
from mail.encoding import IDENTITY
from mail.header import MAX_HEADER, MAX_HEADER_BLOCK, MAX_HEADERS, Header
from mail.part import Part
from mail.search import find

__all__ = ["LIMITS", "MAX_HEADER", "MAX_HEADERS", "MAX_HEADER_BLOCK", "PROBLEMS", "Header", "Message", "Part"]

MAX_PARTS = 500
MAX_DEPTH = 20
MAX_FALSE_DELIMITERS = 5000

PROBLEMS = {
    "header-block-too-large": "more than 512 KiB of header fields",
    "header-too-large": "one header field of more than 32 KiB, or 384 KiB of addresses",
    "too-many-headers": "more than 1,000 header fields in one part",
    "too-many-parts": "more than 500 parts, or thousands of lines that are almost boundaries",
    "too-deep": "parts nested more than 20 deep",
    "too-many-parameters": "more than 100 parameters in one header field",
    "too-many-addresses": "more than 2,000 addresses in the header",
    "junk-in-header": "a line between header fields that is not a header field",
    "missing-blank-line": "the body begins without an empty line after the header",
    "mbox-line": "begins with the separator line of a mailbox file",
    "no-header": "the mail has no header field",
    "content-type-invalid": "a Content-Type that is not type/subtype",
    "no-boundary": "a multipart without a boundary parameter",
    "boundary-not-found": "a multipart whose boundary does not occur",
    "no-end-boundary": "a multipart without its end boundary",
    "encoded-multipart": "a multipart or message with a transfer encoding that hides its parts",
}
"""Every name that can appear in `Message.problems`, with its meaning."""

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

_DELIMITER_REST = re.compile(rb"(--)?[ \t]*(?:\r?\n|\r?\Z)")
_ADDRESS_HEADERS = frozenset({"from", "to", "cc", "bcc", "reply-to", "resent-to", "resent-cc", "resent-from"})


class Message:
    """A whole mail. `raw` is bytes or a memoryview (also of an mmap); it is never changed and never copied whole.

    `headers`, `all` and `first` are about the mail itself; `parts` are all parts, depth first, beginning with the
    mail itself (`root`). Both CRLF and bare LF end a line.
    """

    def __init__(self, raw: bytes | memoryview) -> None:
        self.raw, self.view = raw, memoryview(raw)

    def close(self) -> None:
        """Release the buffer, so that a mapped file can be closed; the message cannot be read afterwards."""
        self.view.release()

    def __len__(self) -> int:
        return len(self.view)

    @cached_property
    def root(self) -> Part:
        return Part(self.view, "", None, (0, len(self.view)))

    @cached_property
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

    def authors(self) -> list[Mailbox]:
        """The mailboxes that From names, of all its fields (RFC 5322 §3.6.2); of more than MAX_HEADER bytes nothing is
        read, as they are a problem by themselves."""
        fields = self.all("from")
        if sum(len(field.raw) for field in fields) > MAX_HEADER:
            return []
        return [box for field in fields for box in header_addresses(field.value)]

    @cached_property
    def parts(self) -> tuple[Part, ...]:
        """All parts, depth first, containers included; the first is the root."""
        ordered: list[Part] = []
        stack = [(self.root, 0)]
        budget = [MAX_PARTS - 1]
        while stack:
            part, depth = stack.pop()
            ordered.append(part)
            children = self._children(part, depth, budget)
            part.children = children
            stack.extend((child, depth + 1) for child in reversed(children))
        return tuple(ordered)

    @cached_property
    def problems(self) -> tuple[str, ...]:
        """What is wrong with header and structure, each name once (damage found while decoding is not included)."""
        names: dict[str, None] = {}
        for part in self.parts:
            _ = part.disposition
            names.update(dict.fromkeys(part.problems))
        names = {n: None for n in names if n in PROBLEMS}
        if not self.headers:
            names["no-header"] = None
        if sum(len(field.raw) for field in self.all("from")) > MAX_HEADER:
            names["header-too-large"] = None
        if sum(h.raw.count(b"@") for h in self.headers if h.name in _ADDRESS_HEADERS) > 2000:
            names["too-many-addresses"] = None
        return tuple(names)

    @property
    def unread(self) -> tuple[str, ...]:
        """The problems that are limits: when there are any, the mail must be held as unexaminable."""
        return tuple(p for p in self.problems if p in LIMITS)

    def texts(self) -> Iterator[tuple[Part, str]]:
        """Every text part with its text, attachments included; a multipart that could not be split counts as one."""
        for part in self.parts:
            if not part.children and (part.content_type.startswith("text/") or part.is_multipart):
                yield part, part.text()

    def _children(self, part: Part, depth: int, budget: list[int]) -> list[Part]:
        kind = part.content_type
        is_message = part.is_message
        if not (is_message or kind.startswith("multipart/")):
            return []
        if part.encoding not in IDENTITY or part.encoding_guesses:
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
        return [Part(self.view, f"{prefix}{n}", part, span, default) for n, span in enumerate(spans, 1)]

    def _delimited(self, part: Part, boundary: bytes, limit: int) -> list[tuple[int, int]]:
        """The spans between the boundary lines of a multipart (RFC 2046 §5.1.1)."""
        start, end = part.body_span
        needle = b"\n--" + boundary
        spans: list[tuple[int, int]] = []
        opened = -1  # where the current part begins
        false = 0
        at = max(0, start - 1)  # the line end before the body may be the one before the first boundary
        while (found := find(self.view, needle, at, end)) >= 0:
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


def by_program(said: Iterable[str]) -> bool:
    """True for mail whose fields Auto-Submitted say that no person sent it (RFC 3834 §5): no machine answers it."""
    return any(word(text) != "no" for text in said)


def word(value: str) -> str:
    """The keyword of a field in lower case, without its parameters and comments."""
    return next(iter(re.split(r"[;(\s]", value.strip().lower(), maxsplit=1)))
