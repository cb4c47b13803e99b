"""Pages that are drawn: which of those without text are looked at, and which are not."""

import io

import pikepdf
import pytest
from reportlab.pdfgen.canvas import Canvas

from filters.extract import Budget, extract, pdf_drawn
from filters.extract.found import Extracted
from tests.filters.extract.documents import pdf
from tests.filters.extract.pages import needs_ocr, scan


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
