"""Documents without what is hidden in them: read again by the libraries that made them, and by LibreOffice if it is there."""

import html
import io
import shutil
import subprocess
import zipfile
from pathlib import Path

import pytest
from docx import Document
from openpyxl import Workbook, load_workbook  # type: ignore[import-untyped]
from openpyxl.comments import Comment  # type: ignore[import-untyped]
from pptx import Presentation
from pptx.util import Cm

from filters.extract import Budget, extract
from filters.extract.hidden import KINDS
from filters.rewriters.tidied import tidied
from tests.filters.outbound.missend import File
from tests.filters.outbound.missend.documents import content

ALL = frozenset(KINDS)
SECRET = "いちばん安い案"


def everything(data: bytes) -> str:
    """All text of all members."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        whole = b"".join(archive.read(name) for name in archive.namelist())
    return html.unescape(whole.decode("utf-8", "replace"))


def tidy(name: str, data: bytes, *kinds: str) -> bytes:
    assert SECRET in everything(data)
    new = tidied(name, data, frozenset(kinds) or ALL)
    assert new is not None
    return new


def letter() -> bytes:
    return content(File("a.docx", "契約書\n第1条", (f"change: {SECRET}", f"comment: {SECRET}")))


def test_changes_are_accepted_and_comments_are_gone() -> None:
    new = tidy("a.docx", letter())
    assert SECRET not in everything(new)
    text = "\n".join(p.text for p in Document(io.BytesIO(new)).paragraphs)
    assert "契約書" in text
    assert "（改）" in text, "what was put in stays"
    assert not [h for h in extract("a.docx", "", new, Budget()).hidden if h.what != "property"]


def test_only_what_is_asked_for_goes() -> None:
    new = tidy("a.docx", letter(), "comment")
    assert {h.what for h in extract("a.docx", "", new, Budget()).hidden} >= {"change"}
    assert "（改）" in "".join(p.text for p in Document(io.BytesIO(new)).paragraphs) or SECRET in everything(
        new
    )


def test_properties() -> None:
    document = Document()
    document.add_paragraph("本文")
    document.core_properties.author = SECRET
    document.core_properties.title = "題名"
    out = io.BytesIO()
    document.save(out)
    new = tidy("a.docx", out.getvalue(), "property")
    assert SECRET not in everything(new)
    assert Document(io.BytesIO(new)).core_properties.title == "題名"


def book() -> bytes:
    made = Workbook()
    sheet = made.active
    sheet.title = "見積"
    for row in (("項目", "原価", "金額"), ("設計", 70, 100), (SECRET, 1, 2), ("合計", None, "=SUM(C2:C3)")):
        sheet.append(row)
    sheet.row_dimensions[3].hidden = True
    sheet.column_dimensions["B"].hidden = True
    sheet["A1"].comment = Comment(SECRET, "社内")
    other = made.create_sheet("粗利")
    other.append([SECRET])
    other.sheet_state = "hidden"
    out = io.BytesIO()
    made.save(out)
    return out.getvalue()


def test_hidden_parts_of_a_workbook_are_gone() -> None:
    new = tidy("a.xlsx", book())
    assert SECRET not in everything(new)
    assert "粗利" not in everything(new)
    read = load_workbook(io.BytesIO(new))
    assert read.sheetnames == ["見積"]
    cells = [[c.value for c in row] for row in read["見積"].iter_rows()]
    assert cells[0][0] == "項目"
    assert cells[0][1] is None, "the hidden column"
    assert cells[1][2] == 100
    assert read["見積"].row_dimensions[3].hidden
    assert read["見積"]["A1"].comment is None


def test_a_workbook_with_nothing_but_hidden_sheets_is_left_alone() -> None:
    data = book()
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        members = {n: archive.read(n) for n in archive.namelist()}
    members["xl/workbook.xml"] = members["xl/workbook.xml"].replace(b'state="visible"', b'state="hidden"')
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, text in members.items():
            archive.writestr(name, text)
    assert tidied("a.xlsx", out.getvalue(), ALL) is None


def deck() -> bytes:
    made = Presentation()
    for number in range(3):
        slide = made.slides.add_slide(made.slide_layouts[6])
        slide.shapes.add_textbox(Cm(2), Cm(2), Cm(9), Cm(3)).text_frame.text = f"slide {number}"
        frame = slide.notes_slide.notes_text_frame
        assert frame is not None
        frame.text = SECRET
        if number == 1:
            slide._element.set("show", "0")
            slide.shapes.add_textbox(Cm(2), Cm(6), Cm(9), Cm(3)).text_frame.text = SECRET
    out = io.BytesIO()
    made.save(out)
    return out.getvalue()


def test_notes_and_hidden_slides_are_gone() -> None:
    new = tidy("a.pptx", deck())
    assert SECRET not in everything(new)
    read = Presentation(io.BytesIO(new))
    assert [s.shapes[0].text_frame.text for s in read.slides] == ["slide 0", "slide 2"]
    assert not any(s.has_notes_slide for s in read.slides)


@pytest.mark.parametrize("data", [b"PK\x03\x04broken", b"", b"%PDF-1.4"])
def test_what_is_not_understood_is_left_alone(data: bytes) -> None:
    assert tidied("a.docx", data, ALL) is None
    assert tidied("a.pdf", letter(), ALL) is None


@pytest.mark.skipif(shutil.which("soffice") is None, reason="LibreOffice is not installed")
@pytest.mark.parametrize(("name", "make"), [("a.docx", letter), ("a.xlsx", book), ("a.pptx", deck)])
def test_libreoffice_opens_it(name: str, make: object, tmp_path: Path) -> None:
    (tmp_path / name).write_bytes(tidy(name, make()))  # type: ignore[operator]
    soffice = shutil.which("soffice") or ""
    home = f"-env:UserInstallation=file://{tmp_path}/profile"
    subprocess.run(
        [soffice, home, "--headless", "--convert-to", "pdf", "--outdir", str(tmp_path), str(tmp_path / name)],
        check=True, capture_output=True, timeout=120,
    )  # fmt: skip
    assert (tmp_path / "a.pdf").stat().st_size > 1_000
