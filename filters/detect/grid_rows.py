"""What a table is, and how rows become one: below their headings, turned by a quarter, or field by field (OUT-PII)."""

import re
from collections.abc import Iterable, Iterator, Sequence

import msgspec

from filters.detect.headings import kind_of
from filters.detect.text import TAB

ROWS = 20_000
"""Rows of one text that are looked at."""
WIDEST = 60
"""Columns of a row that are looked at."""
SOME = 3
"""Rows that make a list, where nothing else does."""
FIGURE = re.compile(r"[0-9@]")
_CALLED = re.compile(r"[^\W\d][^@\d]{0,8}[0-9]{1,2}[^@\d]{0,4}")


class TableRow(msgspec.Struct, frozen=True):
    """Cells of one person, thing or event, and where they stand in the text."""

    cells: tuple[str, ...]
    start: int
    end: int


class Grid(msgspec.Struct, frozen=True):
    """Rows with the headings of their columns ("" without one). `exact`: the headings are the labels of these very cells."""

    heads: tuple[str, ...]
    rows: tuple[TableRow, ...]
    exact: bool = False


def arranged(rows: list[TableRow], *, blanks: bool = False) -> Iterator[Grid]:
    """A block of rows as the tables in it: below their headings, turned by a quarter, or one field in a row.

    `blanks`: single ones part the cells, and so a name into two.
    """
    if not rows:
        return
    fronts = [kind_of(row.cells[0]) for row in rows[:200]]
    known = [k for k in fronts if k and k != "other"]
    if len(known) >= 2 and len(rows[0].cells) >= 2:
        names = [row.cells[0] for row, kind in zip(rows, fronts, strict=False) if kind]
        if blanks or len(set(names)) < len(names) or max(sum(map(bool, row.cells)) for row in rows) == 2:
            yield from labelled((r.cells[0], " ".join(r.cells[1:]), r.start, r.end) for r in rows)
        elif len(rows) <= 40 and sum(map(bool, map(kind_of, rows[0].cells[1:]))) * 4 < len(rows[0].cells):
            yield turned(rows)
            return
    heads: tuple[str, ...] = ()
    begin = 0
    for number, row in enumerate(rows):
        said = [k for k in map(kind_of, row.cells) if k]
        if (len(said) >= 2 and len(said) * 2 >= sum(map(bool, row.cells))) or (
            number == begin == 0 and _is_heading(row, rows[1:12])
        ):
            if begin < number:
                yield Grid(heads, tuple(rows[begin:number]))
            above = heads if begin == number else ()
            heads, begin = row.cells, number + 1
            wide = len(rows[begin].cells) - len(heads) if begin < len(rows) else 0
            if 0 < wide < len(above):  # two rows of headings: what spans both stands in the first only
                heads += above[-wide:]
    yield Grid(heads, tuple(rows[begin:]))


def _is_heading(row: TableRow, below: Sequence[TableRow]) -> bool:
    """True for a first row without figures over columns of them."""
    if sum(map(bool, row.cells)) < 2:
        return False
    figures = [cell for cell in row.cells if FIGURE.search(cell)]
    if figures and not (
        all(map(_CALLED.fullmatch, figures)) and any(kind_of(c) == "name" for c in row.cells)
    ):
        return False  # beside a heading of names HbA1c and Q1 are headings, too
    return any(
        sum(n < len(r.cells) and FIGURE.search(r.cells[n]) is not None for r in below) * 2 > len(below)
        for n, cell in enumerate(row.cells)
        if cell
    )


def turned(rows: list[TableRow]) -> Grid:
    width = max(len(row.cells) for row in rows)
    start, end = rows[0].start, rows[-1].end
    columns = [tuple(r.cells[n] if n < len(r.cells) else "" for r in rows) for n in range(width)]
    return Grid(columns[0], tuple(TableRow(column, start, end) for column in columns[1:]))


def labelled(pairs: Iterable[tuple[str, str, int, int]]) -> Iterator[Grid]:
    """Fields with their labels, as a table of those that are known: where a label comes again, a new row begins."""
    heads: dict[str, int] = {}
    rows: list[TableRow] = []
    current: dict[int, str] = {}
    start = end = 0
    for label, value, begin, stop in pairs:
        kind = kind_of(label)
        if not kind:
            continue
        if ";" in label:  # a card: TEL;TYPE=WORK:03-…
            value = value.rpartition(":")[2]
        at = heads.setdefault(label.strip(), len(heads))
        if at in current:
            rows.append(_row(current, start, end))
            current = {}
            if len(rows) >= ROWS:
                break
        if not current:
            start = begin
        current[at] = value.strip(" \r\"',;=" + TAB)
        end = stop
        if len(heads) > WIDEST:
            return
    if current:
        rows.append(_row(current, start, end))
    if rows and len(heads) >= 2:
        width = len(heads)
        yield Grid(
            tuple(heads),
            tuple(TableRow(r.cells + ("",) * (width - len(r.cells)), r.start, r.end) for r in rows),
            exact=True,
        )


def _row(current: dict[int, str], start: int, end: int) -> TableRow:
    return TableRow(tuple(current.get(n, "") for n in range(max(current) + 1)), start, end)
