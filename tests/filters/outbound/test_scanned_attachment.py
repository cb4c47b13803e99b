"""OUT-ENCRYPT: pages of pictures."""

import io

import pikepdf
from PIL import Image
from reportlab.pdfgen.canvas import Canvas

from tests.filters.extract.documents import archive, pdf
from tests.filters.extract.pictures import written
from tests.filters.mails import attached, examined, findings

SCAN = pdf(text="")


def test_found_also_inside_an_archive() -> None:
    assert findings("scanned_attachment", attached(("a.pdf", SCAN)))
    assert findings("scanned_attachment", attached(("a.zip", archive(("a.pdf", SCAN), ("b.txt", b"x")))))


def test_it_is_only_observed() -> None:
    assert not examined(attached(("a.pdf", SCAN))).verdict.holds


def test_pages_with_text_are_left_alone_and_other_unread_files_are_another_rule() -> None:
    unknown = bytes(range(256)) * 20
    assert not findings("scanned_attachment", attached(("a.pdf", pdf())))
    both = attached(("a.zip", archive(("a.pdf", SCAN), ("b.bin", unknown))))
    assert not findings("scanned_attachment", both)
    assert findings("unsupported_attachment", both)


def test_pictures_of_text_alone_and_in_archives() -> None:
    page = written("見積書 社外秘")
    assert findings("scanned_attachment", attached(("a.png", page)))
    assert findings("scanned_attachment", attached(("a.zip", archive(("a.png", page)))))
    assert not examined(attached(("a.png", page))).verdict.holds


def test_a_scanned_page_among_others() -> None:
    out, scan = io.BytesIO(), io.BytesIO()
    canvas = Canvas(scan)
    canvas.drawInlineImage(Image.open(io.BytesIO(written("社外秘"))), 0, 0)
    canvas.save()
    with pikepdf.open(io.BytesIO(pdf())) as text, pikepdf.open(scan) as picture:
        text.pages.extend(picture.pages)
        text.save(out)
    assert findings("scanned_attachment", attached(("a.pdf", out.getvalue())))
