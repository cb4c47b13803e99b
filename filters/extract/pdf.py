"""PDF by PDFium: the text of each page, properties and attached files; active content is searched for in the raw bytes.

PDFium crashes in threads; the examining worker is one process with one thread.
"""

import ctypes
import re
import zlib
from collections.abc import Iterator
from itertools import islice

import pypdfium2 as pdfium
import pypdfium2.raw as pdfium_c

from filters.extract import inflate, picture
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
DRAWN = 1_000
"""A page with more objects is not drawn: it is a technical drawing, not a letter."""

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
    labels = _acts(content, found)
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
        letters = 0
        for number in range(len(document)):
            text = _page(document, number)
            if number < SEEN and found.budget.pictures > 0:
                found.codes += (
                    (found.prefix + f"page {number + 1}", code) for code in _codes(document, number, found)
                )
            letters += len(text.strip())
            found.text(f"page {number + 1}", text)
        for number in range(document.count_attachments()):
            attached = document.get_attachment(number)
            found.budget.take_member()
            data = bytes(attached.get_data())
            found.budget.take_bytes(len(data))
            found.inside(attached.get_name(), data)
        if len(document) and not letters:
            found.sign("no_text_layer", f"{len(document)} pages")
            found.failed(Reason.NO_TEXT, "pdf: no text layer")
        else:
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


def _acts(content: bytes, found: Found) -> set[bytes]:
    """Signs of active content, in the bytes and in compressed object streams; names of sensitivity labels."""
    labels: set[bytes] = set()
    for data in [_outside(content), *_object_streams(content, found)]:
        if b"#" in data:
            data = _NAMED.sub(lambda m: _HEXED.sub(lambda h: bytes([int(h[1], 16)]), m[0]), data)
        for name, pattern in _ACTIONS:
            if match := pattern.search(data):
                found.sign(name, match[0].decode("latin-1"))
        for target in islice(_targets(data), LINKS):
            found.link(target.replace(b"\\", b"").decode("latin-1"))
        labels.update(_LABEL.findall(data))
    return labels


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


def _page(document: pdfium.PdfDocument, number: int) -> str:
    """The text of a page, even outside its borders, followed by that of annotations and form fields."""
    page = document[number]
    try:
        text_page = page.get_textpage()
        try:
            pieces = [text_page.get_text_range()]
        finally:
            text_page.close()
        for index in range(min(pdfium_c.FPDFPage_GetAnnotCount(page), 1_000)):
            annotation = pdfium_c.FPDFPage_GetAnnot(page, index)
            if annotation:
                pieces += [_value(annotation, key) for key in (b"Contents", b"V", b"T")]
                pdfium_c.FPDFPage_CloseAnnot(annotation)
        return "\n".join(p for p in pieces if p)
    finally:
        page.close()


def _codes(document: pdfium.PdfDocument, number: int, found: Found) -> list[str]:
    """The QR codes on a page, drawn in greyscale. Pages that would be expensive to draw are skipped."""
    page = document[number]
    try:
        width, height = page.get_size()
        if (
            pdfium_c.FPDFPage_CountObjects(page) > DRAWN
            or min(width, height) < 10
            or max(width, height) > 15_000
        ):
            return []
        images = page.get_objects(filter=[pdfium_c.FPDF_PAGEOBJ_IMAGE], max_depth=3)
        pixels = sum(w * h for w, h in (image.get_px_size() for image in images))
        if pixels > min(picture.PIXELS, found.budget.pixels):
            found.budget.pass_over()
            return []
        found.budget.pictures -= 1
        found.budget.pixels -= pixels
        bitmap = page.render(scale=picture.SIDE / max(width, height), grayscale=True, may_draw_forms=False)
        try:
            shades = bytes(bitmap.buffer)
            return picture.codes_in(shades, bitmap.width, bitmap.height, bitmap.stride, found.budget)
        finally:
            bitmap.close()
    finally:
        page.close()


def _value(annotation: object, key: bytes) -> str:
    size = pdfium_c.FPDFAnnot_GetStringValue(annotation, key, None, 0)
    if size <= 2 or size > 1_000_000:
        return ""
    buffer = (ctypes.c_ushort * (size // 2 + 1))()
    pdfium_c.FPDFAnnot_GetStringValue(annotation, key, buffer, size)
    return bytes(buffer)[: size - 2].decode("utf-16-le", "replace")
