"""The forms of a month's report: text for a terminal, HTML for a reader or a printer, CSV for a table. Pure."""

import csv
import io
import re
from collections.abc import Iterable, Sequence
from html import escape

from quarantine.review.sections import MonthReview, ReviewSection

_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
"""How a cell begins that a spreadsheet would calculate."""
_DAY = re.compile(r"\d{4}-\d\d-\d\d")
_STYLE = """
body { font: 15px/1.6 system-ui, "Hiragino Sans", "Yu Gothic UI", Meiryo, "Noto Sans CJK JP", sans-serif;
  color: #1c2024; max-width: 60rem; margin: 2rem auto; padding: 0 1rem }
h1 { font-size: 1.5rem } h2 { font-size: 1.1rem; margin: 2rem 0 .5rem; break-after: avoid }
table { border-collapse: collapse; width: 100% } tr { break-inside: avoid }
th, td { text-align: left; padding: .25rem .75rem .25rem 0; border-bottom: 1px solid #d9dce0; vertical-align: top }
th { font-weight: 600; border-bottom-color: #80868f }
td { font-variant-numeric: tabular-nums } th.n, td.n { text-align: right } td.d { white-space: nowrap }
div.wide { overflow-x: auto }
td.bar { width: 40% } td.bar div { height: .7rem; background: #3b6ea8; print-color-adjust: exact }
p.none { color: #5b626b }
@page { size: A4; margin: 18mm }
"""


def aligned(rows: Sequence[tuple[str, ...]]) -> list[str]:
    """Rows as lines of a table; characters of Japanese are two wide."""
    widths = [max(map(_width, column)) for column in zip(*rows, strict=True)]
    return [
        "  ".join(cell + " " * (w - _width(cell)) for cell, w in zip(row, widths, strict=True)).rstrip()
        for row in rows
    ]


def _width(text: str) -> int:
    return sum(2 if ord(c) > 0x2E7F else 1 for c in text)


def text(review: MonthReview) -> str:
    """For a terminal, or a letter."""
    lines = [review.title, *review.first]
    for section in review.sections:
        table = aligned([section.headings, *section.rows]) if section.rows else [section.empty]
        lines += ["", section.title, *(f"  {line}" for line in (*table, *section.said))]
    return "\n".join(lines)


def html(review: MonthReview) -> str:
    """One page that needs nothing else: no script, no picture, no address that is called."""
    parts = "".join(map(_section, review.sections))
    first = "".join(f"<p>{escape(line)}</p>\n" for line in review.first)
    return (
        f'<!DOCTYPE html>\n<html lang="{escape(review.language)}">\n<head>\n<meta charset="utf-8">\n'
        f'<meta name="viewport" content="width=device-width, initial-scale=1">\n<title>{escape(review.title)}</title>\n'
        f"<style>{_STYLE}</style>\n</head>\n<body>\n<h1>{escape(review.title)}</h1>\n{first}{parts}</body>\n</html>\n"
    )


def _section(section: ReviewSection) -> str:
    said = "".join(f"<p>{escape(line)}</p>\n" for line in section.said)
    title = f"<h2>{escape(section.title)}</h2>\n"
    if not section.rows:
        return f'{title}<p class="none">{escape(section.empty)}</p>\n{said}'
    most = max(section.bars, default=0)
    kinds = [f' class="{kind}"' if kind else "" for kind in kinds_of(section)]
    heads = "".join(
        f'<th scope="col"{kind}>{escape(head)}</th>'
        for head, kind in zip(section.headings, kinds, strict=True)
    )
    rows = "".join(
        f"<tr>{_cells(row, kinds)}{_bar(section.bars[place], most) if section.bars else ''}</tr>\n"
        for place, row in enumerate(section.rows)
    )
    heads += "<td></td>" if section.bars else ""
    return f'{title}<div class="wide"><table>\n<tr>{heads}</tr>\n{rows}</table></div>\n{said}'


def _cells(row: tuple[str, ...], kinds: Sequence[str]) -> str:
    return "".join(f"<td{kind}>{escape(cell)}</td>" for cell, kind in zip(row, kinds, strict=True))


def kinds_of(section: ReviewSection) -> list[str]:
    """What each column holds: "n" numbers, which stand to the right, "d" days, which stay on one line, or "" text."""
    return [_kind(column) for column in zip(*section.rows, strict=True)]


def _kind(column: tuple[str, ...]) -> str:
    if all(cell == "-" or cell.replace(",", "").isdecimal() for cell in column):
        return "n"
    return "d" if all(_DAY.fullmatch(cell) for cell in column) else ""


def _bar(number: int, most: int) -> str:
    share = round(100 * number / most) if most else 0
    return f'<td class="bar" aria-hidden="true"><div style="width: {share}%"></div></td>'


def table(review: MonthReview) -> str:
    """CSV (RFC 4180): a row for each row, its part's title first; for Excel, which knows UTF-8 by the mark before it."""
    out = io.StringIO()
    lines = csv.writer(out, lineterminator="\r\n")
    for section in review.sections:
        lines.writerow(_safe((section.title, *section.headings)))
        lines.writerows(_safe((section.title, *row)) for row in section.rows)
    return f"\ufeff{out.getvalue()}"


def _safe(cells: Iterable[str]) -> list[str]:
    """No cell is calculated by a spreadsheet."""
    return [f"'{cell}" if cell.startswith(_FORMULA) and cell != "-" else cell for cell in cells]
