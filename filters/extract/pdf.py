"""PDF by PDFium: the text of each page, properties and attached files; active content is searched for in the raw bytes.

PDFium crashes in threads; the examining worker is one process with one thread.
"""

import ctypes
import re
import zlib
from collections.abc import Iterator
from itertools import islice
from typing import Any

import pypdfium2 as pdfium
import pypdfium2.raw as pdfium_c

from filters.extract import inflate, pdf_drawn, pdf_page, pdf_said, pdf_undrawn, rest
from filters.extract.formats import reads
from filters.extract.found import LINKS, Found
from filters.extract.pdf_filters import measure
from filters.extract.pdf_streams import leads_nowhere
from filters.extract.reason import Reason, Stop

PAGES = 2_000
OBJECTS = 2_000
"""Object streams that are searched for actions."""

SEEN = 3
"""How many pages are drawn and searched for QR codes."""

_STREAM = re.compile(
    rb"/ObjStm\b[^>]{0,300}>>\s{0,4}stream\r?\n|/Type\s*/ObjStm.{0,300}?stream\r?\n", re.DOTALL
)
_ACTIONS = (
    ("active_pdf", re.compile(rb"/(?:JavaScript|JS)\b")),
    ("pdf_launch", re.compile(rb"/Launch\b")),
    ("pdf_action", re.compile(rb"/(?:OpenAction|AA|GoToR|XFA)\b")),
    ("pdf_sends", re.compile(rb"/(?:SubmitForm|ImportData|RichMedia|GoToE|Rendition)\b")),
    ("embedded_file", re.compile(rb"/EmbeddedFiles?\b")),
)
_URI = re.compile(rb"/URI\s{0,4}\(")
_LABEL = re.compile(rb"/(MSIP_Label_[0-9A-Fa-f-]{8,40}_Name)\b")
_HEXED = re.compile(rb"#([0-9A-Fa-f]{2})")
_NAMED = re.compile(rb"/[A-Za-z#0-9]{2,60}")


@reads("pdf", b"%PDF-", media="application/pdf")
def read(content: bytes, found: Found) -> None:
    """Read a PDF into `found`. Raises Stop: "encrypted" when it needs a password, "corrupt" when it cannot be read."""
    found.budget.take_bytes(len(content))
    rest.left(content[: content.find(b"%PDF-")], found, "pdf: rest")
    rest.left(content[content.rfind(b"%%EOF") + 5 :] if b"%%EOF" in content else b"", found, "pdf: rest")
    objects = _objects(content, found)
    labels = _acts(objects, found)
    if leads_nowhere(content):
        raise Stop(Reason.PARTS, "pdf: streams without an end")
    measure(content)
    document = _opened(content, found)
    try:
        if len(document) > PAGES:
            raise Stop(Reason.PAGES, "pdf: too many pages")
        information = [v for v in document.get_metadata_dict().values() if v]
        for key in labels:
            value = _information(document, key)
            found.sign("label", value)
            information += [key.decode(), value]
        found.text("properties", "\n".join(information))
        if b"/Encrypt" in content:  # then strings are encrypted one by one
            content = _COPY.without_encryption(document)
            objects = _objects(content, found)
        data = b"\n".join(objects)
        found.text("said", "\n".join(pdf_said.strings(data, found)))
        pdf_said.forms(content, data, found)
        if pdf_undrawn.may_lack(data):
            found.text("letters", "\n".join(pdf_undrawn.letters(content, found)))
        letters = 0
        scans = pdf_drawn.Scans(document, found)
        for number in range(len(document)):
            text, known = pdf_page.text_of(document, number, found)
            if number < SEEN and found.budget.searches and found.budget.pictures > 0:
                found.codes += (
                    (found.prefix + f"page {number + 1}", code)
                    for code in pdf_drawn.codes(document, number, found)
                )
            letters += len(text.strip()) if known else 0
            if not known:
                scans.drawn(number)
            elif not text.strip():
                scans.note(number)
            found.text(f"page {number + 1}", text)
        for number in range(document.count_attachments()):
            pdf_page.attached(document.get_attachment(number), found)
        unread = scans.read(alone=not letters)
        if len(document) and not letters and unread:
            found.sign("no_text_layer", f"{len(document)} pages")
            found.failed(Reason.NO_TEXT, "pdf: no text layer")
        else:
            if unread:
                found.sign("picture_of_text", unread)
            found.verdicts.append("ok")
    except pdfium.PdfiumError as error:
        raise Stop(Reason.MALFORMED, f"pdf: {error}") from None
    finally:
        document.close()


def _opened(content: bytes, found: Found) -> pdfium.PdfDocument:
    try:
        return pdfium.PdfDocument(content)
    except pdfium.PdfiumError as error:
        if not ("password" in str(error).lower() or "security" in str(error).lower()):
            raise Stop(Reason.MALFORMED, f"pdf: {error}") from None
    found.locked = True
    for word, source in found.keys.each():
        try:
            document = pdfium.PdfDocument(content, password=word)
        except pdfium.PdfiumError:
            continue
        found.keys.learnt(word, source)
        found.opened(source)
        return document
    raise Stop(Reason.PASSWORD, "pdf: wants a password")


def _objects(content: bytes, found: Found) -> list[bytes]:
    """The octets outside of streams, and those of unpacked object streams."""
    return [_outside(content), *_object_streams(content, found)]


def _acts(objects: list[bytes], found: Found) -> set[bytes]:
    """Signs of active content in a PDF's objects; names of sensitivity labels."""
    labels: set[bytes] = set()
    for data in objects:
        if b"#" in data:
            data = _NAMED.sub(lambda m: _HEXED.sub(lambda h: bytes([int(h[1], 16)]), m[0]), data)
        for name, pattern in _ACTIONS:
            if match := pattern.search(data):
                found.sign(name, match[0].decode("latin-1"))
        for target in islice(_targets(data), LINKS):
            found.link(target.replace(b"\\", b"").decode("latin-1"))
        labels.update(_LABEL.findall(data))
    return labels


class _Copy:
    """Takes what PDFium writes. There is one: behind the walls no more functions can be made for it to call."""

    def __init__(self) -> None:
        self.pieces: list[bytes] = []
        self.writer = pdfium_c.FPDF_FILEWRITE(version=1)
        self.writer.WriteBlock = type(self.writer.WriteBlock)(self._write)

    def _write(self, _: object, data: Any, size: int) -> int:
        self.pieces.append(ctypes.string_at(data, size))
        return 1

    def without_encryption(self, document: pdfium.PdfDocument) -> bytes:
        pdfium_c.FPDF_SaveAsCopy(document, self.writer, pdfium_c.FPDF_REMOVE_SECURITY)
        written = b"".join(self.pieces)
        self.pieces.clear()
        return written


_COPY = _Copy()


def _targets(data: bytes) -> Iterator[bytes]:
    """Addresses of links, as strings in parentheses; each is looked for in the 500 octets after its key."""
    reach = 0
    for match in _URI.finditer(data):
        start = match.end()
        end = data.find(b")", start, start + 501)
        target = data[start : max(start, end)]
        if match.start() >= reach and len(target) >= 8 and b"\r" not in target and b"\n" not in target:
            reach = end
            yield target


def _outside(content: bytes) -> bytes:
    """The bytes between streams: in compressed ones any three letters turn up by chance."""
    pieces, at = [], 0
    while (start := content.find(b"stream", at)) >= 0:
        end = content.find(b"endstream", start + 6)
        if end < 0:
            break
        pieces.append(content[at:start])
        at = end + 9
    return b"".join([*pieces, content[at:]])


def _object_streams(content: bytes, found: Found) -> list[bytes]:
    if b"ObjStm" not in content:
        return []
    streams, view, end = [], memoryview(content), 0
    for match in islice(_STREAM.finditer(content), OBJECTS):
        if end < match.end():
            end = content.find(b"endstream", match.end())
            end = end if end > 0 else len(content)
        raw = view[match.end() : end]
        pieces = []
        try:
            for piece in inflate.deflated(raw, 15):
                found.budget.take_bytes(len(piece))
                pieces.append(piece)
        except (zlib.error, EOFError):
            pass
        streams.append(b"".join(pieces))
    return streams


def _information(document: pdfium.PdfDocument, key: bytes) -> str:
    """A value of the document information dictionary."""
    size = pdfium_c.FPDF_GetMetaText(document, key, None, 0)
    if not 2 < size < 10_000:
        return ""
    buffer = ctypes.create_string_buffer(size)
    pdfium_c.FPDF_GetMetaText(document, key, buffer, size)
    return buffer.raw[: size - 2].decode("utf-16-le", "replace")
