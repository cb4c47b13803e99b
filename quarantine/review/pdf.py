"""A month's report as PDF (the extra `pdf`), in a font that is given: its glyphs are embedded, so that every reader shows, finds
and copies what stands there. Pure.

Diagnostics: NoGlyphs for a file that is no TrueType font, or has no glyphs for the language.
"""

import io
from collections.abc import Iterator
from xml.sax.saxutils import escape

from quarantine.review.forms import kinds_of
from quarantine.review.sections import MonthReview, ReviewSection

_FONT = "Review"
_INK, _RULE, _BAR = "#1c2024", "#d9dce0", "#3b6ea8"
_BAR_WIDTH = 120.0
"""Points of the longest bar."""


class NoGlyphs(Exception):
    """The font cannot be used."""


def pdf(told: MonthReview, font: bytes) -> bytes:
    """The report on A4 pages, each with its number. Raises NoGlyphs, ImportError without the extra."""
    from reportlab.lib.pagesizes import A4
    from reportlab.lib.styles import ParagraphStyle
    from reportlab.pdfbase import pdfmetrics
    from reportlab.pdfbase.ttfonts import TTFError, TTFont
    from reportlab.platypus import CondPageBreak, Paragraph, SimpleDocTemplate

    try:
        face = TTFont(_FONT, io.BytesIO(font))
    except (TTFError, ValueError, IndexError, KeyError) as error:
        raise NoGlyphs(f"no TrueType font: {error}") from None
    if lacking := sorted(set(_texts(told)) - {" ", "\n"} - set(map(chr, face.face.charToGlyph))):
        raise NoGlyphs(f"the font has no glyphs for {''.join(lacking[:20])}")
    pdfmetrics.registerFont(face)
    body = ParagraphStyle("body", fontName=_FONT, fontSize=9, leading=13, textColor=_INK, wordWrap="CJK")
    head = ParagraphStyle("head", body, fontSize=11, leading=15, spaceBefore=12, spaceAfter=3)
    title = ParagraphStyle("title", body, fontSize=16, leading=22, spaceAfter=6)
    flow: list[object] = [
        Paragraph(escape(told.title), title),
        *(Paragraph(escape(line), body) for line in told.first),
    ]
    for section in told.sections:
        flow += [CondPageBreak(80), Paragraph(escape(section.title), head)]
        flow.append(_table(section, body) if section.rows else Paragraph(escape(section.empty), body))
        flow += [Paragraph(escape(line), body) for line in section.said]
    out = io.BytesIO()
    document = SimpleDocTemplate(
        out, pagesize=A4, leftMargin=50, rightMargin=50, topMargin=50, bottomMargin=50, title=told.title,
        author="Sekisho", lang=told.language,
    )  # fmt: skip
    document.build(flow, onFirstPage=_numbered, onLaterPages=_numbered)
    return out.getvalue()


def _texts(told: MonthReview) -> Iterator[str]:
    """All characters that are printed."""
    yield from "0123456789"
    for text in (told.title, *told.first):
        yield from text
    for section in told.sections:
        for text in (section.title, section.empty, *section.headings, *section.said):
            yield from text
        for row in section.rows:
            for cell in row:
                yield from cell


def _table(section: ReviewSection, body: object) -> object:
    from reportlab.graphics.shapes import Drawing, Rect
    from reportlab.lib.colors import HexColor
    from reportlab.lib.enums import TA_RIGHT
    from reportlab.lib.styles import ParagraphStyle
    from reportlab.platypus import Paragraph, Table

    most = max(section.bars, default=0)
    kinds = kinds_of(section)
    right = ParagraphStyle("right", body, alignment=TA_RIGHT)
    heads = zip(section.headings, kinds, strict=True)
    rows: list[list[object]] = [
        [Paragraph(escape(cell), right if kind == "n" else body) for cell, kind in heads]
    ]
    for place, row in enumerate(section.rows):
        cells: list[object] = [
            cell if kind else Paragraph(escape(cell), body) for cell, kind in zip(row, kinds, strict=True)
        ]
        if section.bars:
            width = _BAR_WIDTH * section.bars[place] / most if most else 0.0
            cells.append(
                Drawing(_BAR_WIDTH, 8, Rect(0, 0, width, 7, fillColor=HexColor(_BAR), strokeWidth=0))
            )
        rows.append(cells)
    if section.bars:
        rows[0].append("")
    lines = [
        ("FONT", (0, 0), (-1, -1), _FONT, 9), ("VALIGN", (0, 0), (-1, -1), "TOP"),
        ("LINEBELOW", (0, 0), (-1, -1), 0.5, HexColor(_RULE)), ("LEFTPADDING", (0, 0), (0, -1), 0),
        *(("ALIGN", (n, 1), (n, -1), "RIGHT") for n, kind in enumerate(kinds) if kind == "n"),
    ]  # fmt: skip
    return Table(rows, repeatRows=1, hAlign="LEFT", spaceAfter=4, style=lines)


def _numbered(canvas: object, document: object) -> None:
    canvas.setFont(_FONT, 8)  # type: ignore[attr-defined]
    canvas.drawRightString(545, 30, str(document.page))  # type: ignore[attr-defined]
