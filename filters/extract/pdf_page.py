"""The text of one page of a PDF, by PDFium: what is printed on it, even outside its borders, and its annotations.

Stamps, text boxes, watermarks, fields and signatures have an appearance of their own, drawn like a page: it is laid into the
page, hidden ones too, and the page read again.
"""

from typing import Any

import pypdfium2 as pdfium
import pypdfium2.raw as pdfium_c

from filters.extract.found import Found
from filters.extract.pdf_letters import backwards, closed, in_place, is_spread
from filters.extract.reason import Reason

ANNOTATIONS = 10_000
ASKED = 50
"""Letters of a page that are asked whether their font says what they mean."""
_LINK, _POPUP = 2, 16
_PRINT = 4
"""Flag of an annotation that is neither hidden nor left out of print."""


def text_of(document: pdfium.PdfDocument, number: int, found: Found) -> tuple[str, bool]:
    """The text of a page, its annotations' texts on lines below, and whether its letters are known: where fonts do not say
    what most of them mean, it is a guess. Files pinned to it are read into `found`. Raises PdfiumError, Stop."""
    page = document[number]
    try:
        text, spread, known_letters = _printed(page)
        pieces, drawn = _annotations(document, page, found)
        if drawn and pdfium_c.FPDFPage_Flatten(page, 0) == pdfium_c.FLATTEN_SUCCESS:
            page.close()
            page = document[number]
            known = set(text.splitlines())
            pieces += [line for line in _printed(page)[0].splitlines() if line not in known]
        whole = "\n".join([text, *filter(None, pieces)])
        words = closed(whole, spread=spread)
        return "\n".join([whole, *words, *backwards(words)]).strip("\n"), known_letters
    finally:
        page.close()


def _printed(page: pdfium.PdfPage) -> tuple[str, bool, bool]:
    """The text of a page, whether single letters stand in a row there, and whether letters are known."""
    text_page = page.get_textpage()
    try:
        # U+FFFE stands for a hyphen at the end of a line, in the middle of a word.
        told = str(text_page.get_text_range())
        spread = is_spread(told)
        words = in_place(text_page, told) if spread else []
        return "\n".join([told.replace("\ufffe", ""), *words]), spread, _is_known(text_page)
    finally:
        text_page.close()


def _is_known(text_page: pdfium.PdfTextPage) -> bool:
    """False when most letters of a page have no meaning: its font has no table of Unicode, and a name that nobody knows."""
    count = pdfium_c.FPDFText_CountChars(text_page.raw)
    asked = range(0, count, max(1, count // ASKED))
    drawn = [n for n in asked if pdfium_c.FPDFText_IsGenerated(text_page.raw, n) != 1]
    unknown = [n for n in drawn if pdfium_c.FPDFText_HasUnicodeMapError(text_page.raw, n) == 1]
    return 2 * len(unknown) <= len(drawn)


def attached(file: pdfium.PdfAttachment, found: Found) -> None:
    """Reads an embedded file into `found`. Raises PdfiumError, Stop."""
    found.budget.take_member()
    data = bytes(file.get_data())
    found.budget.take_bytes(len(data))
    found.inside(file.get_name(), data)


def _annotations(document: pdfium.PdfDocument, page: pdfium.PdfPage, found: Found) -> tuple[list[str], bool]:
    """(texts of the annotations, whether some are drawn). All that are drawn are made visible."""
    pieces: list[str] = []
    drawn = False
    count = pdfium_c.FPDFPage_GetAnnotCount(page)
    if count > ANNOTATIONS:
        found.failed(Reason.MEMBERS, "pdf: too many annotations on a page")
    for index in range(min(count, ANNOTATIONS)):
        annotation = pdfium_c.FPDFPage_GetAnnot(page, index)
        if not annotation:
            continue
        pieces += [_value(annotation, key, found) for key in (b"Contents", b"V", b"T", b"Subj")]
        if pdfium_c.FPDFAnnot_GetSubtype(annotation) not in (_LINK, _POPUP):
            drawn = True
            pdfium_c.FPDFAnnot_SetFlags(annotation, _PRINT)
        if file := pdfium_c.FPDFAnnot_GetFileAttachment(annotation):
            attached(pdfium.PdfAttachment(file, document), found)
        pdfium_c.FPDFPage_CloseAnnot(annotation)
    return pieces, drawn


def _value(annotation: Any, key: bytes, found: Found) -> str:
    size = pdfium_c.FPDFAnnot_GetStringValue(annotation, key, None, 0)
    if size <= 2:
        return ""
    found.budget.take_bytes(size)
    buffer = (pdfium_c.FPDF_WCHAR * (size // 2 + 1))()
    pdfium_c.FPDFAnnot_GetStringValue(annotation, key, buffer, size)
    return bytes(buffer)[: size - 2].decode("utf-16-le", "replace")
