"""What documents of real libraries hide, and how much."""

import io
import zipfile

from docx import Document
from openpyxl import Workbook  # type: ignore[import-untyped]
from pptx import Presentation

from filters.extract import Budget, Extracted, extract
from filters.extract.hidden import MOST, Hidden, seen
from filters.extract.sample import package
from tests.filters.outbound.missend import File
from tests.filters.outbound.missend.documents import content


def read(name: str, data: bytes) -> Extracted:
    return extract(name, "", data, Budget())


def of(name: str, *hidden: str) -> list[tuple[str, int, str, str]]:
    found = read(name, content(File(name, "見積書\n金額", hidden))).hidden
    return [(h.what, h.count, h.first, h.quote) for h in found if h.what != "property"]


def test_changes_and_comments_of_a_word_document() -> None:
    found = of("a.docx", "change: 違約金は年14.6％", "comment: 先方には言わない")
    assert sorted((what, count, quote) for what, count, _, quote in found) == [
        ("change", 2, "違約金は年14.6％"),
        ("comment", 1, "先方には言わない"),
    ]


def test_hidden_sheets_rows_and_comments_of_a_book() -> None:
    found = sorted(of("a.xlsx", "sheet: 原価, 740000", "rows: 粗利, 0.46", "comment: 値引き可"))
    assert found == [("comment", 1, "A1", "値引き可"), ("rows", 1, "3", ""), ("sheet", 1, "原価", "")]


def test_hidden_columns() -> None:
    book = Workbook()
    sheet = book.active
    sheet.append(["a", "原価", "b"])
    sheet.column_dimensions["B"].hidden = True
    out = io.BytesIO()
    book.save(out)
    assert [(h.what, h.first) for h in read("a.xlsx", out.getvalue()).hidden if h.what != "property"] == [
        ("columns", "B")
    ]


def test_speaker_notes_and_hidden_slides() -> None:
    assert of("a.pptx", "notes: 最安案を先に") == [("notes", 1, "1", "最安案を先に")]
    deck = Presentation()
    slide = deck.slides.add_slide(deck.slide_layouts[6])
    slide._element.set("show", "0")
    out = io.BytesIO()
    deck.save(out)
    assert [(h.what, h.first) for h in read("a.pptx", out.getvalue()).hidden if h.what != "property"] == [
        ("slide", "1")
    ]


def test_an_ordinary_document_hides_nothing() -> None:
    assert of("a.docx") == of("a.xlsx") == of("a.pptx") == []


def test_notes_with_nothing_but_the_slide_number_do_not_count() -> None:
    notes = b'<p:notes><a:t>3</a:t><a:t xml:space="preserve"> </a:t></p:notes>'
    assert list(seen("ppt/notesSlides/notesSlide3.xml", notes)) == []


def test_who_made_it() -> None:
    document = Document()
    document.core_properties.author = "山田"
    out = io.BytesIO()
    document.save(out)
    assert Hidden("property", 1, "creator", "山田") in read("a.docx", out.getvalue()).hidden


def test_the_file_in_an_archive_is_named() -> None:
    inner = content(File("a.docx", "x", ("comment: 秘密",)))
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w") as written:
        written.writestr("契約/a.docx", inner)
    places = {h.place for h in read("b.zip", archive.getvalue()).hidden}
    assert places == {"a.docx"}


def test_rows_without_cells_and_columns_behind_the_last_do_not_count() -> None:
    sheet = (
        b'<worksheet><cols><col min="5" max="16384" hidden="1"/></cols><row r="2" hidden="1"/></worksheet>'
    )
    assert list(seen("xl/worksheets/sheet1.xml", sheet)) == []


def test_a_hostile_member_costs_little() -> None:
    hostile = b'<row hidden="1" ' * 200_000 + b">"
    assert sum(h.count for h in seen("xl/worksheets/sheet1.xml", hostile)) <= MOST
    tags = b'<w:ins w:id="1" ' * 200_000
    assert list(seen("word/document.xml", tags)) == []


def test_field_instructions_are_no_changes() -> None:
    made = package({"word/document.xml": '<w:p><w:instrText w:author="x">PAGE</w:instrText></w:p>'})
    assert read("a.docx", made).hidden == ()
