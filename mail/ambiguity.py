"""Where two mail programs would read the same mail differently: named detectors over the raw bytes.

A mail that means one thing to the gateway and another to the reader's client is how content slips through. We
neither guess nor repair: each detector says that there is more than one reading; what follows (rejecting our own
user's mail with a reason, holding a stranger's) is policy. `mail.readings` gives the other readings.

Sources: RFC 2045-2049, RFC 2231; draft-chen-email-mime-ambiguity-defense; vulnerabilities of other gateways.
"""

import re
from collections.abc import Iterator

import msgspec

from mail.charset import detect, known
from mail.decoding import is_plain, is_utf7
from mail.encoding import IDENTITY, UUENCODE, blocks
from mail.header import Header
from mail.message import Message, Part
from mail.search import find

WHY = {
    "duplicate-content-type": "some clients take the first Content-Type, others the last",
    "duplicate-transfer-encoding": "some clients decode by the first encoding, others by the last",
    "duplicate-disposition": "of two Content-Dispositions some clients see only one file name",
    "duplicate-singular": "From, Sender or Subject more than once: clients differ in which one they show",
    "junk-in-header": "a line that is not a field ends the header for some clients, but not for others",
    "missing-blank-line": "some clients take the text for part of the header and never show it",
    "blank-folded-line": "a whitespace-only line inside the header ends it for some clients",
    "space-before-colon": "a name followed by a space is a field for some clients and junk for others",
    "bare-cr-in-header": "a bare CR starts a new field for some clients",
    "control-in-header": "a NUL or other control character cuts the field short for some clients",
    "mixed-line-ends": "a bare LF among CR LFs ends a line for some clients, but not for others",
    "content-type-invalid": "an invalid type is text for some clients, and guessed by others",
    "encoded-content-type": "only some clients decode an encoded word in a type or encoding",
    "duplicate-boundary": "some clients split at the first of two boundaries, others at the second",
    "continued-boundary": "only some clients join a boundary that is split by RFC 2231",
    "encoded-boundary": "only some clients decode an encoded boundary",
    "long-boundary": "some clients truncate a boundary longer than 70 characters",
    "unclosed-quote": "for some clients an unclosed quoted parameter swallows what follows",
    "no-boundary": "a multipart without a boundary is text for some clients, and guessed by others",
    "boundary-not-found": "a multipart whose boundary never occurs is text for some clients, empty for others",
    "no-end-boundary": "some clients drop the last part of a multipart that is not closed",
    "boundary-with-text": "a boundary line with trailing text is a boundary for some clients (RFC 2046 compares the beginning)",
    "same-boundary-inside": "clients split an inner multipart with an outer one's boundary differently",
    "part-after-end": "a boundary after the closing one starts a part for some clients",
    "headers-in-preamble": "MIME fields before the first boundary make a part for some clients",
    "headers-in-epilogue": "MIME fields after the closing boundary make a part for some clients",
    "headers-in-body": "MIME fields after the blank line of a part make a file of it for some clients",
    "encoded-multipart": "some clients first decode a multipart in base64 or quoted-printable (RFC 2045 §6.4)",
    "encoded-message": "only some clients open an attached mail in base64 or quoted-printable",
    "unknown-encoding": "some clients decode what looks encoded under an unknown transfer encoding",
    "decorated-encoding": "only some clients recognise 'base64' with something around it",
    "base64-junk": "some clients skip foreign characters in base64, others stop there",
    "base64-after-padding": "some clients read base64 past its padding, others stop there",
    "base64-damaged": "for some clients base64 that stops within a group loses its end",
    "base64-unpadded": "some clients lose, keep encoded or invent the last octets of base64 that is not padded rightly",
    "quoted-printable-damaged": "some clients keep an invalid escape, others drop it",
    "uuencode": "a uuencoded file in the text is an attachment for some clients",
    "yenc": "a yEnc file in the text is an attachment for some clients",
    "base64-in-text": "a recipient can cut a base64 file out of the text and decode it",
    "utf-7-in-text": "a recipient who knows of it can read UTF-7 under another label",
    "tnef": "winmail.dat holds files that only some clients show",
    "message-partial": "a fragment of a mail: only the recipient's client sees the whole (RFC 2046 §5.2.2)",
    "message-external-body": "the content is stored elsewhere and can change after we looked",
    "unknown-message-type": "some clients open an unknown message type, or one with MIME fields in it, as a mail",
    "duplicate-parameter": "some take the first of two parameters, others the last",
    "duplicate-filename": "some take the first of two file names, others the last",
    "conflicting-filename": "filename and filename* differ: clients differ in which one they show",
    "conflicting-type-name": "name and filename have different extensions: clients differ in what they open",
    "gap-in-continuation": "some clients cut a name at a missing piece, others join the rest",
    "unquoted-filename": "some clients cut an unquoted name at its first space",
    "control-in-filename": "a NUL, line break or other control character hides the extension",
    "override-in-filename": "a bidirectional override hides the extension",
    "unknown-charset": "every client shows text in an unknown charset differently",
}
"""Every detector, and why two clients would differ."""


class Ambiguity(msgspec.Struct, frozen=True):
    """One place with more than one reading: detector, path of the part, offset in the raw mail, text found there."""

    name: str
    part: str
    offset: int
    quote: str


_Found = Iterator[tuple[str, int, bytes]]

_MESSAGE_LEAVES = frozenset(
    f"message/{kind}"
    for kind in (
        "delivery-status", "disposition-notification", "global-delivery-status", "global-disposition-notification",
        "global-headers", "feedback-report", "tracking-status", "rfc822", "global", "news",
    )
)  # fmt: skip
_SINGULAR = ("from", "sender", "subject")
_CONTROL = re.compile(rb"[\x00-\x08\x0b\x0c\x0e-\x1a\x1c-\x1f\x7f]")
_BARE_CR = re.compile(rb"\r(?!\n|\Z)")
_BARE_LF = re.compile(rb"(?<!\r)\n")
_BLANK_FOLD = re.compile(rb"\n[ \t]+\r?\n(?=[^\r\n])")
_ODD = (b" :", b"\t:", b"=?")
_MIME_FIELD = re.compile(
    rb"^content-(?:type|transfer-encoding|disposition)[ \t]*:", re.IGNORECASE | re.MULTILINE
)
_FIELDS_AGAIN = re.compile(
    rb"(?:[ \t]*\r?\n){0,3}content-(?:type|transfer-encoding|disposition)[ \t]*:", re.IGNORECASE
)
_NAME_CONTROL = re.compile("[\x00-\x08\x0a-\x1f\x7f]")
_OVERRIDE = re.compile("[\u202d\u202e]")
_ENCODED_CONTROL = re.compile(rb"%0[0-9A-Da-d]")
_DECORATED = re.compile(r"base-?64|quoted-?printable|uu-?enc", re.IGNORECASE)
_UU_BEGIN = re.compile(rb"begin(?:-base64)? [0-7]{3,4} [^\r\n]{1,255}\r?\n([ -`][^\r\n]*)")
_FULL_LINE = re.compile(rb"M[ -`]{57,62}\Z|[A-Za-z0-9+/]{60,76}\Z")
DAMAGES = (
    "base64-junk",
    "base64-after-padding",
    "base64-damaged",
    "base64-unpadded",
    "quoted-printable-damaged",
)
_EDGE = 64 * 1024
_MAX_BEGINS = 5000


def _quote(raw: bytes) -> str:
    text = raw[:120].decode("utf-8", "replace")
    return "".join(c if c.isprintable() else " " for c in text).strip()


def _header_detectors(part: Part) -> _Found:
    names = [h.name for h in part.headers]
    block = bytes(part.view[part.span[0] : part.header_end])
    is_clean = block.count(b"\r") == block.count(b"\r\n") and not _CONTROL.search(block)
    # Nothing that is looked for in a single field can be in a header like nearly all are.
    is_plain = is_clean and len(set(names)) == len(names) and not any(map(block.__contains__, _ODD))
    for header in () if is_plain else part.headers:
        raw, start = header.raw, header.span[0]
        if header.name.startswith("content-") or header.name in _SINGULAR:
            if names.count(header.name) > 1 and not _is_repeated(header, part.first(header.name)):
                name = {
                    "content-type": "duplicate-content-type",
                    "content-transfer-encoding": "duplicate-transfer-encoding",
                    "content-disposition": "duplicate-disposition",
                }.get(
                    header.name, "" if header.name not in _SINGULAR or part.parent else "duplicate-singular"
                )
                if name:
                    yield name, start, raw
            raw_name = raw[: raw.index(b":")]
            if raw_name != raw_name.rstrip():
                yield "space-before-colon", start, raw
        if not is_clean and (bare := _BARE_CR.search(raw)):
            yield "bare-cr-in-header", start + bare.start(), raw
        if not is_clean and (control := _CONTROL.search(raw)):
            yield "control-in-header", start + control.start(), raw
        if header.name in ("content-type", "content-transfer-encoding") and b"=?" in raw.split(b";")[0]:
            yield "encoded-content-type", start, raw
    if (b"\n " in block or b"\n\t" in block) and (blank := _BLANK_FOLD.search(block)):
        yield "blank-folded-line", part.span[0] + blank.start(), block[max(0, blank.start() - 60) :]
    if 0 < block.count(b"\r\n") < block.count(b"\n") and (lf := _BARE_LF.search(block)):
        yield "mixed-line-ends", part.span[0] + lf.start(), block[max(0, lf.start() - 40) : lf.end() + 40]
    for name in ("junk-in-header", "missing-blank-line", "content-type-invalid"):
        if name in part.problems and not (name == "content-type-invalid" and _is_text(part)):
            yield name, part.span[0], block


_PLAIN = re.compile(
    rb"(?:text/?(?:plain)?|plain)?[\s;]*(?:charset[ \t]*=[ \t]*[\"']?[\w.:-]+[\"']?[\s;]*)?",
    re.IGNORECASE,
)


def _is_text(part: Part) -> bool:
    """True for an invalid type that names nothing but text, which is what it counts as (RFC 2045 §5.2)."""
    field = part.first("content-type")
    return field is not None and bool(_PLAIN.fullmatch(field.value.strip()))


def _is_repeated(header: Header, first: Header | None) -> bool:
    """True for a field that says what the first of its name says, whichever a program takes."""
    if first is None or header is first or header.value.split() == first.value.split():
        return True
    both = {h.value.decode("latin-1").strip().lower() for h in (header, first)}
    return header.name == "content-transfer-encoding" and both <= IDENTITY


def _name_detectors(part: Part) -> _Found:
    for header, found in (
        ("content-type", part.type_parameters),
        ("content-disposition", part.disposition_parameters),
    ):
        field = part.first(header)
        if field is None:
            continue
        at, raw = field.span[0], field.raw
        for name, oddities in found.oddities.items():
            is_name = name in ("name", "filename")
            if name == "boundary":
                if "duplicate" in oddities or "conflict" in oddities:
                    yield "duplicate-boundary", at, raw
                if "continued" in oddities or "gap" in oddities:
                    yield "continued-boundary", at, raw
                elif "extended" in oddities or "encoded-word" in oddities:
                    yield "encoded-boundary", at, raw
            elif "duplicate" in oddities and len({r.casefold() for r in found.readings(name)}) > 1:
                yield "duplicate-filename" if is_name else "duplicate-parameter", at, raw
            if "unclosed" in oddities:
                yield "unclosed-quote", at, raw
            if "gap" in oddities and name != "boundary":
                yield "gap-in-continuation", at, raw
            if is_name and "conflict" in oddities and len({_ending(r) for r in found.readings(name)}) > 1:
                yield "conflicting-filename", at, raw
            if (
                is_name
                and "unquoted" in oddities
                and _ending(found.readings(name)[0]) != _ending(found.readings(name)[-1])
            ):
                yield "unquoted-filename", at, raw
        names = [*found.readings("name"), *found.readings("filename")]
        if any(map(_NAME_CONTROL.search, names)) or (names and _ENCODED_CONTROL.search(raw)):
            yield "control-in-filename", at, raw
        if any(map(_OVERRIDE.search, names)):
            yield "override-in-filename", at, raw
    one, other = part.type_parameters.values.get("name"), part.disposition_parameters.values.get("filename")
    if one and other and _ending(one) != _ending(other):
        field = part.first("content-disposition")
        if field is not None:
            yield "conflicting-type-name", field.span[0], field.raw


def _ending(name: str) -> str:
    stem, dot, ending = name.strip().rpartition(".")
    return ending.lower() if dot and stem else ""


def _structure_detectors(part: Part, boundaries: set[bytes]) -> _Found:
    view = part.view
    start, end = part.body_span
    if not part.is_multipart:
        return
    for name in ("no-boundary", "boundary-not-found", "no-end-boundary", "encoded-multipart"):
        if name in part.problems:
            yield name, start, bytes(view[start : start + 120])
    boundary = part.parameters.get("boundary", "").encode("utf-8", "replace")
    if len(boundary) > 70:
        yield "long-boundary", part.span[0], boundary
    parent = part.parent
    while boundary and parent is not None and not parent.is_message:
        if (
            parent.is_multipart
            and parent.parameters.get("boundary", "").encode("utf-8", "replace") == boundary
        ):
            yield "same-boundary-inside", part.span[0], boundary
        parent = parent.parent
    for at in part.false_delimiters:
        line = bytes(view[at + 2 : at + 400]).split(b"\n", 1)[0].rstrip()
        if not any(line.startswith(b) for b in boundaries if b != boundary and b.startswith(boundary)):
            yield "boundary-with-text", at, b"--" + line
            break
    if part.children:
        preamble = bytes(view[start : min(part.children[0].span[0], start + _EDGE)])
        if field := _MIME_FIELD.search(preamble):
            yield "headers-in-preamble", start + field.start(), preamble[field.start() :]
    if part.end_boundary >= 0:
        after = part.end_boundary
        epilogue = bytes(view[after : min(end, after + _EDGE)])
        if field := _MIME_FIELD.search(epilogue):
            yield "headers-in-epilogue", after + field.start(), epilogue[field.start() :]
        if boundary and find(part.view, b"\n--" + boundary, max(0, after - 1), end) >= 0:
            yield "part-after-end", after, epilogue


def _content_detectors(part: Part) -> _Found:
    field = part.first("content-transfer-encoding")
    at, raw = field.span if field else part.span, field.raw if field else b""
    encoding = part.encoding
    if encoding == "binary" and part.encoding_guesses:
        is_decorated = _DECORATED.search(part.declared_encoding)
        yield "decorated-encoding" if is_decorated else "unknown-encoding", at[0], raw
    if part.is_message and "encoded-multipart" in part.problems:
        yield "encoded-message", at[0], raw
    if part.children:
        return
    kind = part.content_type
    if kind == "message/partial":
        yield "message-partial", part.span[0], raw
    elif kind == "message/external-body":
        yield "message-external-body", part.span[0], raw
    elif kind.startswith("message/"):
        body = bytes(part.body[:_EDGE])
        if kind not in _MESSAGE_LEAVES or _MIME_FIELD.search(body):
            yield "unknown-message-type", part.span[0], body
    elif kind in ("application/ms-tnef", "application/vnd.ms-tnef") or part.filename.lower() == "winmail.dat":
        yield "tnef", part.span[0], raw
    if not part.decoded and encoding not in IDENTITY:
        part.content()
    start, end = part.body_span
    for name in DAMAGES:
        if name in part.problems:
            yield name, start, bytes(part.view[start : start + 120])
    if encoding in UUENCODE:
        yield "uuencode", at[0], raw
    elif kind.startswith("text/") or "content-type-invalid" in part.problems:
        found = max(0, start - 1)
        for _ in range(_MAX_BEGINS):
            if (found := find(part.view, b"\nbegin", found, end)) < 0:
                break
            piece = bytes(part.view[found + 1 : found + 400])
            # A file has full lines, or its end; a sentence that happens to begin like one has neither.
            if (begin := _UU_BEGIN.match(piece)) and (
                _FULL_LINE.match(begin[1]) or find(part.view, b"\nend", found, end) >= 0
            ):
                yield "uuencode", found + 1, piece
                break
            found += 6
        else:
            yield "uuencode", start, b"thousands of lines that begin like one"
        if (found := find(part.view, b"\n=ybegin ", max(0, start - 1), end)) >= 0:
            yield "yenc", found + 1, bytes(part.view[found + 1 : found + 120])
        if part.parent is not None and _FIELDS_AGAIN.match(bytes(part.body[:200])):
            yield "headers-in-body", start, bytes(part.body[:120])
        if encoding in IDENTITY and (block := next(blocks(part.body), None)):
            yield "base64-in-text", start + block[0], block[1][:80]
    if kind.startswith("text/") and not part.charset.endswith("utf-7") and is_utf7(part.content()):
        yield "utf-7-in-text", start, bytes(part.body[:120])
    if (
        kind.startswith("text/")
        and part.charset
        and not known(part.charset)
        and not _is_clear(part.content())
    ):
        yield "unknown-charset", part.span[0], part.charset.encode("utf-8", "replace")


def _is_clear(content: bytes) -> bool:
    """True for a text that is read the same without a label: ASCII, and UTF-8, which nothing else looks like."""
    return is_plain(content) or (
        b"\x1b" not in content and b"\0" not in content and detect(content) == "utf-8"
    )


def ambiguities(message: Message) -> tuple[Ambiguity, ...]:
    """Where the mail has more than one reading: the first place for each detector and part, in the order of parts;
    () for a clean mail. Never raises."""
    found: dict[tuple[str, str], Ambiguity] = {}
    parts = message.parts
    boundaries = {
        p.parameters.get("boundary", "").encode("utf-8", "replace") for p in parts if p.is_multipart
    }
    for part in parts:
        for detectors in (
            _header_detectors(part),
            _name_detectors(part),
            _structure_detectors(part, boundaries),
            _content_detectors(part),
        ):
            for name, offset, quote in detectors:
                if (name, part.path) not in found:
                    found[name, part.path] = Ambiguity(name, part.path, offset, _quote(quote))
    return tuple(found.values())
