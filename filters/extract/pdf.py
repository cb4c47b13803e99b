"""PDF by PDFium: the text of each page, properties, and files attached inside.

PDFium crashes in threads; the examining worker is one process with one thread.
"""

import ctypes

import pypdfium2 as pdfium
import pypdfium2.raw as pdfium_c

from filters.extract.budget import Stop
from filters.extract.found import Found

PAGES = 2_000


def read(content: bytes, found: Found) -> None:
    """Read a PDF into `found`. Raises Stop: "encrypted" when it wants a password, "corrupt" when it cannot be read."""
    found.budget.take_bytes(len(content))
    try:
        document = pdfium.PdfDocument(content)
    except pdfium.PdfiumError as error:
        locked = "password" in str(error).lower() or "security" in str(error).lower()
        raise Stop("encrypted" if locked else "corrupt", f"pdf: {error}") from None
    try:
        if len(document) > PAGES:
            raise Stop("limit", "pdf: too many pages")
        found.text("properties", "\n".join(v for v in document.get_metadata_dict().values() if v))
        letters = 0
        for number in range(len(document)):
            text = _page(document, number)
            letters += len(text)
            found.text(f"page {number + 1}", text)
        for number in range(document.count_attachments()):
            attached = document.get_attachment(number)
            found.budget.take_member()
            data = bytes(attached.get_data())
            found.budget.take_bytes(len(data))
            found.inside(attached.get_name(), data)
        if len(document) and not letters:
            found.failed("unsupported", "pdf: no text layer")
        else:
            found.verdicts.append("ok")
    except pdfium.PdfiumError as error:
        raise Stop("corrupt", f"pdf: {error}") from None
    finally:
        document.close()


def _page(document: pdfium.PdfDocument, number: int) -> str:
    """The text of a page, with that of annotations and form fields behind it."""
    page = document[number]
    try:
        text_page = page.get_textpage()
        try:
            pieces = [text_page.get_text_bounded()]
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


def _value(annotation: object, key: bytes) -> str:
    size = pdfium_c.FPDFAnnot_GetStringValue(annotation, key, None, 0)
    if size <= 2 or size > 1_000_000:
        return ""
    buffer = (ctypes.c_ushort * (size // 2 + 1))()
    pdfium_c.FPDFAnnot_GetStringValue(annotation, key, buffer, size)
    return bytes(buffer)[: size - 2].decode("utf-16-le", "replace")
