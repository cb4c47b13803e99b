"""Real documents, written by the usual libraries."""

import io
import zipfile

import docx
import openpyxl
import pikepdf
import pptx
from openpyxl.comments import Comment
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfgen import canvas


def word() -> bytes:
    """Marks in body (broken into runs), header, footer, table, comment property."""
    document = docx.Document()
    paragraph = document.add_paragraph("本文 社")
    paragraph.add_run("外").bold = True
    paragraph.add_run("秘 おわり")
    document.sections[0].header.paragraphs[0].text = "ヘッダー印"
    document.sections[0].footer.paragraphs[0].text = "フッター印"
    table = document.add_table(1, 2)
    table.cell(0, 0).text, table.cell(0, 1).text = "左の升", "右の升"
    document.core_properties.title = "題名印"
    return saved(document)


def sheet() -> bytes:
    """Marks in a cell, a hidden sheet, a comment, a print header; a number as text and one as a number."""
    book = openpyxl.Workbook()
    first = book.active
    first["A1"], first["B1"], first["C1"] = "升の印", 4111111111111111, "1234 5678 9018"
    first["A2"].comment = Comment("注釈の印", "a")
    first.oddHeader.center.text = "印刷の印"
    hidden = book.create_sheet("隠し")
    hidden.sheet_state = "hidden"
    hidden["A1"] = "隠れた印"
    return saved(book)


def slides() -> bytes:
    """Marks on a slide and in its notes."""
    show = pptx.Presentation()
    slide = show.slides.add_slide(show.slide_layouts[1])
    slide.shapes.title.text = "表題の印"
    slide.notes_slide.notes_text_frame.text = "ノートの印"
    return saved(show)


def saved(document: object) -> bytes:
    out = io.BytesIO()
    document.save(out)  # type: ignore[attr-defined]
    return out.getvalue()


def pdf(text: str = "関所の社外秘", password: str = "", pages: int = 1) -> bytes:
    """A PDF of one line a page in a Japanese font that is not embedded."""
    out = io.BytesIO()
    pdfmetrics.registerFont(UnicodeCIDFont("HeiseiMin-W3"))
    page = canvas.Canvas(out)
    for _ in range(pages):
        page.setFont("HeiseiMin-W3", 12)
        if text:
            page.drawString(50, 500, text)
        else:
            page.rect(10, 10, 50, 50, fill=1)
        page.showPage()
    page.setTitle("題名の印")
    page.save()
    if not password:
        return out.getvalue()
    locked = io.BytesIO()
    with pikepdf.open(out) as document:
        document.save(locked, encryption=pikepdf.Encryption(owner="o", user=password, R=6))
    return locked.getvalue()


def archive(*members: tuple[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", method) as file:
        for name, content in members:
            file.writestr(zipfile.ZipInfo(name, (2025, 1, 2, 3, 4, 6)), content, method)
    return out.getvalue()
