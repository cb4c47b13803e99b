"""Pages that are drawn: which of those without text are looked at, and which are not."""

import io
import os

import pikepdf
import pytest
import reportlab
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas

from filters.extract import Budget, extract, pdf_drawn
from filters.extract.found import Extracted
from tests.filters.extract.documents import pdf
from tests.filters.extract.pages import needs_ocr, scan

DRAWN_FONT = os.path.join(os.path.dirname(reportlab.__file__), "fonts", "Vera.ttf")


def read(content: bytes, pages: int = 0) -> Extracted:
    return extract("a.pdf", "", content, Budget(pictures=40, pages=pages, page_seconds=20))


def together(*parts: bytes) -> bytes:
    out = io.BytesIO()
    with pikepdf.new() as whole:
        for part in parts:
            with pikepdf.open(io.BytesIO(part)) as opened:
                whole.pages.extend(opened.pages)
        whole.save(out)
    return out.getvalue()


def outlines() -> bytes:
    """A page of lines, as letters are that were made into outlines."""
    out = io.BytesIO()
    canvas = Canvas(out)
    canvas.line(10, 10, 200, 200)
    canvas.save()
    return out.getvalue()


def test_drawings_beside_text_are_drawings_and_alone_may_be_letters() -> None:
    assert read(together(pdf(), outlines())).pictures_of_text == ""
    assert read(outlines()).pictures_of_text == "unread"


@needs_ocr
def test_a_document_with_pages_that_nobody_looked_at_is_unread(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pdf_drawn, "BARE", 2)
    assert read(scan(["一"], ["二"]), pages=100).pictures_of_text == "read"
    assert read(scan(["一"], ["二"], ["三"]), pages=100).pictures_of_text == "unread"


@needs_ocr
def test_a_scan_among_pages_with_text_is_read() -> None:
    mixed = together(pdf(), scan(["社外秘"]))
    assert read(mixed).pictures_of_text == "unread"
    found = read(mixed, pages=1)
    assert found.pictures_of_text == "read"
    assert any(place == "page 2 OCR" and "社外秘" in text for place, text in found.texts)


def unmapped(text: str) -> bytes:
    """A page in a font that draws letters, and says of none which one it is."""
    out = io.BytesIO()
    canvas = Canvas(out)
    pdfmetrics.registerFont(TTFont("Drawn", DRAWN_FONT))
    canvas.setFont("Drawn", 14)
    for line in range(20):
        canvas.drawString(50, 750 - 20 * line, text)
    canvas.save()
    with pikepdf.open(out) as made:
        for each in made.objects:
            if isinstance(each, pikepdf.Dictionary) and "/ToUnicode" in each:
                font = pikepdf.Dictionary(
                    Type=pikepdf.Name.Font, Subtype=pikepdf.Name.CIDFontType2, BaseFont=pikepdf.Name("/ABCDEF+Drawn"),
                    CIDSystemInfo=pikepdf.Dictionary(Registry="Adobe", Ordering="Identity", Supplement=0),
                    FontDescriptor=each.FontDescriptor, DW=600,
                )  # fmt: skip
                each.Subtype, each.Encoding = pikepdf.Name.Type0, pikepdf.Name("/Identity-H")
                each.DescendantFonts = pikepdf.Array([made.make_indirect(font)])
                del each["/ToUnicode"]
        changed = io.BytesIO()
        made.save(changed)
    return changed.getvalue()


def test_letters_that_only_their_drawing_tells_are_unread() -> None:
    found = read(unmapped("Confidential plan"))
    assert found.pictures_of_text == "unread"
    assert read(together(pdf(), unmapped("Confidential plan"))).pictures_of_text == "unread"
