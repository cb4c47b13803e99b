"""Pages of a PDF as they are drawn: QR codes on them, and the words on those that have no text, such as scans."""

import pypdfium2 as pdfium
import pypdfium2.raw as pdfium_c
from PIL import Image

from filters.extract import ocr, picture
from filters.extract.found import Found

BARE = 20
"""Pages without text that are looked at."""
DRAWN = 1_000
"""A page with more objects is not drawn: it is a technical drawing, not a letter."""
OUTLINES = 20_000
"""As DRAWN, where nothing but a drawing can show the words: letters as outlines."""


class Scans:
    """The pages of a document that have no text."""

    def __init__(self, document: pdfium.PdfDocument, found: Found) -> None:
        self._document = document
        self._found = found
        self._pictures: list[int] = []
        self._outlines: list[int] = []
        self._left = False

    def drawn(self, number: int) -> None:
        """The page of this index has letters of which only their drawing says what they are."""
        if len(self._pictures) + len(self._outlines) >= BARE:
            self._left = True
        else:
            self._pictures.append(number)

    def note(self, number: int) -> None:
        """The page of this index has no text: a scan, letters as outlines, or nothing at all. Raises PdfiumError."""
        if len(self._pictures) + len(self._outlines) >= BARE:
            self._left = True
            return
        page = self._document[number]
        try:
            if any(True for _ in page.get_objects(filter=[pdfium_c.FPDF_PAGEOBJ_IMAGE], max_depth=3)):
                self._pictures.append(number)
            elif pdfium_c.FPDFPage_CountObjects(page) > 0:
                self._outlines.append(number)
        finally:
            page.close()

    def read(self, alone: bool) -> str:
        """Read what can be read; the first page that nobody has read, "" when there is none. In a document that has no
        other page (`alone`), outlines are letters; elsewhere they are drawings."""
        pages = sorted(self._pictures + self._outlines) if alone else self._pictures
        unread = [number for number in pages if not self._words(number)]
        if unread or (self._left and pages) or (alone and not pages):
            return f"page {(unread or [0])[0] + 1}"
        if pages:
            self._found.sign("picture_read", f"page {pages[0] + 1}")
        return ""

    def _words(self, number: int) -> bool:
        budget = self._found.budget
        if not budget.takes_page():
            return False
        drawn = _drawn(self._document, number, self._found, ocr.SIDE, OUTLINES)
        if drawn is None:
            return False
        text, whole = ocr.words(drawn, budget.page_seconds)
        self._found.text(f"page {number + 1} {ocr.PLACE}", text)
        return whole


def codes(document: pdfium.PdfDocument, number: int, found: Found) -> list[str]:
    """The QR codes on a page. Pages that would be expensive to draw are skipped. Raises PdfiumError."""
    drawn = _drawn(document, number, found, picture.SIDE, DRAWN)
    if drawn is None:
        return []
    return picture.codes_in(drawn.tobytes(), drawn.width, drawn.height, drawn.width, found.budget)


def _drawn(
    document: pdfium.PdfDocument, number: int, found: Found, side: int, most: int
) -> "Image.Image | None":
    """A page in greyscale, its longer side of so many pixels; None for one that would be expensive to draw."""
    page = document[number]
    try:
        width, height = page.get_size()
        objects = pdfium_c.FPDFPage_CountObjects(page)
        if objects > most or min(width, height) < 10 or max(width, height) > 15_000:
            return None
        images = page.get_objects(filter=[pdfium_c.FPDF_PAGEOBJ_IMAGE], max_depth=3)
        pixels = sum(w * h for w, h in (image.get_px_size() for image in images))
        if pixels > min(picture.PIXELS, found.budget.pixels):
            found.budget.pass_over()
            return None
        found.budget.pictures -= 1
        found.budget.pixels -= pixels
        bitmap = page.render(scale=side / max(width, height), grayscale=True, may_draw_forms=False)
        try:
            size, stride = (bitmap.width, bitmap.height), bitmap.stride
            return Image.frombytes("L", size, bytes(bitmap.buffer), "raw", "L", stride, 1)
        finally:
            bitmap.close()
    finally:
        page.close()
