"""Attachments of the mails: small files of their kind, holding the text that is given, and what is hidden in them."""

import io
import zipfile
from datetime import datetime

import pyzipper
from docx import Document
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from openpyxl import Workbook  # type: ignore[import-untyped]
from openpyxl.comments import Comment  # type: ignore[import-untyped]
from pptx import Presentation
from pptx.util import Cm
from reportlab.pdfbase import pdfmetrics  # type: ignore[import-untyped]
from reportlab.pdfbase.cidfonts import UnicodeCIDFont  # type: ignore[import-untyped]
from reportlab.pdfgen.canvas import Canvas  # type: ignore[import-untyped]

from tests.filters.outbound.missend import File

MADE = datetime(2026, 11, 2, 10, 0)
HIDDEN = ("change", "comment", "sheet", "rows", "notes")
"""What can be hidden: "change: old text", "comment: …" (docx, xlsx), "sheet: …", "rows: …" (xlsx), "notes: …" (pptx)."""


def content(file: File) -> bytes:
    """The bytes of a file; of a kind that is not built here, a few bytes under its name."""
    ending = file.name.rpartition(".")[2].lower()
    text = file.text or file.name.rpartition(".")[0].replace("_", "\n")
    hidden = [(what.strip(), rest.strip()) for what, _, rest in (each.partition(":") for each in file.hidden)]
    if ending == "docx":
        return _docx(text, hidden)
    if ending in {"xlsx", "xlsm"}:
        return _xlsx(text, hidden)
    if ending == "pptx":
        return _pptx(text, hidden)
    if ending == "pdf":
        return _pdf(text)
    if ending == "zip":
        return _zip(text, file.password)
    if ending in {"jpg", "jpeg"}:
        return b"\xff\xd8\xff\xe0\x00\x10JFIF\x00\x01\x01\x00\x00\x01\x00\x01\x00\x00\xff\xd9"
    return text.encode()


def _docx(text: str, hidden: list[tuple[str, str]]) -> bytes:
    document = Document()
    document.core_properties.created = document.core_properties.modified = MADE
    first, *rest = text.split("\n")
    document.sections[0].header.paragraphs[0].text = first
    for line in [first, *rest]:
        document.add_paragraph(line)
    for what, old in hidden:
        paragraph = document.add_paragraph("以上" if what == "change" else "※")
        if what == "comment":
            document.add_comment(paragraph.runs, text=old, author="社内", initials="社")
        elif what == "change":
            for tag, inner, words in (("w:del", "w:delText", old), ("w:ins", "w:t", "（改）")):
                change = OxmlElement(tag)
                change.set(qn("w:id"), "1")
                change.set(qn("w:author"), "社内")
                change.set(qn("w:date"), "2026-11-02T10:00:00Z")
                run, body = OxmlElement("w:r"), OxmlElement(inner)
                body.text = words
                run.append(body)
                change.append(run)
                paragraph._p.append(change)
        else:
            raise ValueError(what)
    written = io.BytesIO()
    document.save(written)
    return written.getvalue()


def _xlsx(text: str, hidden: list[tuple[str, str]]) -> bytes:
    book = Workbook()
    sheet = book.worksheets[0]
    sheet.title = "Sheet1"
    for line in text.split("\n"):
        sheet.append([cell.strip() for cell in line.split(",")])
    for what, words in hidden:
        cells = [cell.strip() for cell in words.split(",")]
        if what == "sheet":
            other = book.create_sheet("原価")
            other.append(cells)
            other.sheet_state = "hidden"
        elif what == "rows":
            sheet.append(cells)
            sheet.row_dimensions[sheet.max_row].hidden = True
            sheet.append(["合計"])
        elif what == "comment":
            sheet["A1"].comment = Comment(words, "社内")
        else:
            raise ValueError(what)
    written = io.BytesIO()
    book.save(written)
    return written.getvalue()


def _pptx(text: str, hidden: list[tuple[str, str]]) -> bytes:
    deck = Presentation()
    slide = deck.slides.add_slide(deck.slide_layouts[6])
    slide.shapes.add_textbox(Cm(2), Cm(2), Cm(20), Cm(10)).text_frame.text = text
    for what, words in hidden:
        if what != "notes":
            raise ValueError(what)
        frame = slide.notes_slide.notes_text_frame
        assert frame is not None
        frame.text = words
    written = io.BytesIO()
    deck.save(written)
    return written.getvalue()


def _pdf(text: str) -> bytes:
    pdfmetrics.registerFont(UnicodeCIDFont("HeiseiKakuGo-W5"))
    written = io.BytesIO()
    page = Canvas(written, invariant=1)
    page.setFont("HeiseiKakuGo-W5", 11)
    for number, line in enumerate(text.split("\n")):
        page.drawString(60, 780 - 18 * number, line)
    page.save()
    return written.getvalue()


def _zip(text: str, password: str) -> bytes:
    written = io.BytesIO()
    if password:
        with pyzipper.AESZipFile(written, "w", encryption=pyzipper.WZ_AES) as archive:
            archive.setpassword(password.encode())
            archive.writestr("資料.txt", text)
    else:
        with zipfile.ZipFile(written, "w") as plain:
            plain.writestr("資料.txt", text)
    return written.getvalue()
