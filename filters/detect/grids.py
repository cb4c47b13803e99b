"""Tables in a text, as rows of cells (OUT-PII): by tabs, commas, wide blanks, labels, JSON, XML, SQL, one cell per line.

A table is what people read as one, whatever file it stands in:

    氏名<TAB>電話            {"name": "山田", "tel": "…"}         お名前：山田
    山田<TAB>090-…          <name>山田</name><tel>…</tel>         お電話：090-…

What finds them is RE2 over the whole text; only what it finds is looked at row by row.
"""

import csv
import re
from collections.abc import Iterator
from itertools import islice
from unicodedata import normalize

import re2

from filters.detect.address_labels import labels
from filters.detect.block_records import in_blocks
from filters.detect.calendars import events
from filters.detect.grid_rows import FIGURE, ROWS, SOME, WIDEST, Grid, TableRow, arranged, labelled
from filters.detect.headings import NAMED, kind_of
from filters.detect.led_rows import led
from filters.detect.pairs import pairs
from filters.detect.parallel_lines import parallel
from filters.detect.program_tables import by_columns, inserts, tuples
from filters.detect.text import TAB, line_starts
from filters.detect.transfers import paid

_LINES = 2000
"""Short lines of a text among which these are looked for; other lines may stand between them."""
_MOST_HEADS = 20
"""Headings on lines of their own."""


_BLOCKS = {
    TAB: re2.compile(rf"(?:[^\n{TAB}]*{TAB}[^\n]*\n+){{2,}}"),
    "|": re2.compile(r"(?:[^\n|]*\|[^\n]*\n+){2,}"),
    ";": re2.compile(r"(?:[^\n;]*;[^\n]*\n+){2,}"),
    ",": re2.compile(r"(?:[^\n,]*,[^\n]*\n+){2,}"),
    "、": re2.compile(r"(?:[^\n、]*、[^\n]*\n+){2,}"),
}
_QUOTED = {
    by: re2.compile(rf'(?:(?:"[^"]*"|[^\n{by}"])*{by}(?:"[^"]*"|[^\n"])*\n+){{2,}}') for by in (",", ";")
}
"""The same where cells in quotes may go on in the next line (RFC 4180)."""
_WIDE = re2.compile(r"(?:[^\n]*[^\s](?:  +|\t+|\x{3000}+| / )[^\s][^\n]*\n+){2,}")
_BLANKS = re2.compile(r"(?:[^\s\n]+(?:[ \x{3000}]+[^\s\n]+)+[ \r]*\n+){2,}")
_WIDE_GAP = re.compile(r"  +|\t+|\u3000+| / ")
_BULLET = re.compile(r"^[\s>・■□●◆◇○*\-–]+|^\(?[0-9]{1,3}[.):]\s+")
_RULE = re.compile(r"^[\s|+:=\-–─━┼┿│]*$")
_MAILBOX = re2.compile(
    r"(?:^|[;,\n\x1f:])[ \t>]*[\"']?([^<>;:\n\x1f\"@]{2,60}?)[\"']? *<([A-Za-z0-9._%+\-]+@[A-Za-z0-9.\-]+)>"
)
_BRACKETED = re2.compile(r"([^\s、,;:()\x1f→>/・|][^、,;:()\x1f\n→>/|]{1,16}?) ?\(([^()\n]{6,80})\)")
_TURNED = re.compile(r"[^\W\d]{2,20}(?:[ '-][^\W\d]{1,20}){0,2}, ?[^\W\d]{2,20}(?: [^\W\d]{1,20}\.?)?")
"""Family name, given name, as an address book writes them."""
_ALONE = re2.compile(r"(?m)^[ \t\x1f]*([^\s\x1f][^\n\x1f]{0,20}?)[ \t\x1f\r]*$")


def grids(cells: str, raw: str, *, titled: bool = False) -> Iterator[Grid]:
    """The tables in a text: `cells` is folded, with TAB between cells, `raw` the same lines as they stand in the file; `titled`:
    something says that people are listed."""
    if "INSERT" in cells or "insert" in cells:
        yield from inserts(cells)
    if "BEGIN:VEVENT" in cells:
        yield from events(cells)
    for by, expression in _BLOCKS.items():
        if by in cells:
            whole = f"{cells}\n"
            blocks = list(_QUOTED[by].finditer(whole)) if by in _QUOTED and '"' in cells else []
            for match in blocks or expression.finditer(whole):
                yield from _block(match[0], match.start(), by)
    for found_pairs in pairs(cells):
        yield from labelled(found_pairs)
    if '":' in cells or '" :' in cells:
        yield from by_columns(cells)
    if "<" in cells and "@" in cells:
        boxes = islice(_MAILBOX.finditer(cells), ROWS)
        found = [TableRow((m[1], m[2]), m.start(1), m.end()) for m in boxes]
        if len(found) >= 3:
            turned = sum(_TURNED.fullmatch(row.cells[0]) is not None for row in found)
            yield Grid(("氏名" if 2 * turned > len(found) else "name", "mail"), tuple(found))
    if '",' in cells or "'," in cells:
        yield from arranged(tuples(cells))
    if cells.count("(") >= SOME:
        yield from _in_brackets(cells)
    for listed in (paid(cells, raw), labels(cells)):
        if len(listed) >= SOME:
            heads = ("氏名", "口座番号" if listed[0][0][1].isdigit() else "住所")
            yield Grid(heads, tuple(TableRow(row, start, end) for row, start, end in listed))
    for headings, rows in led(cells, titled=titled):
        yield Grid(headings, tuple(TableRow(*row) for row in rows))
    yield from _one_per_line(cells)
    yield from _wide(cells, raw)
    yield from parallel(cells, raw)
    yield from in_blocks(cells, raw)


def _in_brackets(cells: str) -> Iterator[Grid]:
    """People behind one another in a sentence, each with what is said of them in brackets."""
    rows = [
        TableRow(
            (m[1], *re.split(r"[、,;]+ ?|/+(?![0-9]) ?", m[2])), cells.rfind("\n", 0, m.start()) + 1, m.end()
        )
        for m in islice(_BRACKETED.finditer(cells), ROWS)
        if FIGURE.search(m[2])
    ]
    if len(rows) >= SOME:
        yield Grid((), tuple(rows))


def _block(text: str, offset: int, by: str) -> Iterator[Grid]:
    lines = text.split("\n")
    starts, at = [], offset
    for line in lines:
        starts.append(at)
        at += len(line) + 1
    rows = [
        TableRow(tuple(c), starts[n], starts[min(n + 1, len(starts) - 1)])
        for n, c in _split(lines[:ROWS], by)
    ]
    yield from arranged(rows)


def _split(lines: list[str], by: str) -> Iterator[tuple[int, list[str]]]:
    """(number of the line, cells) of the lines that have some."""
    if by in (",", ";") and '"' in "".join(lines[:50]):
        reader = csv.reader((f"{line}\n" for line in lines), delimiter=by, skipinitialspace=True)
        number = 0
        try:
            for row in reader:
                if row:
                    yield number, [cell.strip() for cell in row[:WIDEST]]
                number = reader.line_num
        except csv.Error:
            pass
        return
    for number, line in enumerate(lines):
        if not line or _RULE.match(line):
            continue
        if by == TAB:
            framed = line[0] == TAB and line.rstrip("\r")[-1:] == TAB and TAB * 2 in line
            row = (
                line.rstrip("\r").strip(TAB).split(TAB * 2) if framed else line.rstrip("\r" + TAB).split(TAB)
            )
        elif by == "、":
            row = re.split("[、()]", _BULLET.sub("", line))
        else:
            row = line.strip(" \r" + ("|" if by == "|" else "")).split(by)
        yield number, [cell.strip(" \r\t\"'" + TAB) for cell in row[:WIDEST]]


def _one_per_line(cells: str) -> Iterator[Grid]:
    """Cells on lines of their own, as a mail program leaves them: headings first, then the rows."""
    named = NAMED.search(cells)
    if named is None or cells.count("\n", 0, named.start()) > 2 * _LINES:
        return
    alone = ((m[1], m.start(1), m.end(1)) for m in _ALONE.finditer(cells))
    lines = list(islice(alone, _LINES))
    first = next((n for n, (word, _, _) in enumerate(lines) if kind_of(word) in ("name", "called")), None)
    if first is None:
        return
    lines += islice(alone, _MOST_HEADS + 1)
    begin = first
    while begin > 0 and kind_of(lines[begin - 1][0]):
        begin -= 1
    end = first
    while end < len(lines) and kind_of(lines[end][0]):
        end += 1
    if end - begin > _MOST_HEADS:
        return
    lines += islice(alone, (end - begin + 1) * (ROWS // 20))
    for width in (end - begin, end - begin + 1):
        if not 2 <= width <= _MOST_HEADS:
            continue
        heads = tuple(word for word, _, _ in lines[begin : begin + width])
        rest = lines[begin + width : begin + width * (ROWS // 20)]
        if len(rest) < 3 * width:
            continue
        rows = [
            TableRow(tuple(w for w, _, _ in rest[n : n + width]), rest[n][1], rest[n + width - 1][2])
            for n in range(0, len(rest) - width + 1, width)
        ]
        yield Grid(heads, tuple(rows))


def _wide(cells: str, raw: str) -> Iterator[Grid]:
    """Columns that blanks keep apart. Folding has joined Japanese words over them, so the lines are those of the file."""
    folded: list[int] = []
    for expression, gap in ((_WIDE, _WIDE_GAP), (_BLANKS, re.compile(r"[ \u3000]+"))):
        for match in expression.finditer(f"{raw}\n"):
            if not folded:
                folded = [*line_starts(cells)[:-1], len(cells)]
            number = raw.count("\n", 0, match.start())
            rows = []
            for at, line in enumerate(match[0].split("\n")[:ROWS]):
                row = [normalize("NFKC", c) for c in gap.split(_BULLET.sub("", line.strip())) if c]
                if len(row) >= 2 and number + at + 1 < len(folded):
                    rows.append(TableRow(tuple(row[:WIDEST]), folded[number + at], folded[number + at + 1]))
            yield from arranged(rows, blanks=expression is _BLANKS)
            if expression is _BLANKS:
                yield from _led(rows)


def _led(rows: list[TableRow]) -> Iterator[Grid]:
    """Rows of words, the first of which are a name, and of figures: as two columns, and as three."""
    split = []
    for row in rows:
        # 3年2組, 204号室: where somebody sits or lies
        lead = next((n for n, cell in enumerate(row.cells) if not FIGURE.search(cell)), 0)
        said = row.cells[lead:] if lead + 1 < len(row.cells) else row.cells
        cut = next((n for n, cell in enumerate(said) if FIGURE.search(cell)), min(2, len(said) - 1))
        if 1 <= cut <= 4:
            split.append((row, " ".join(said[:cut]), said[cut], " ".join(said[cut + 1 :])))
    if len(split) < 3:
        return
    top = rows[0].cells
    headed = not any(FIGURE.search(cell) for cell in top) and kind_of(top[0]) != ""
    titled = not any(FIGURE.search(cell) for cell in top) and all(
        FIGURE.search(b) for _, _, b, _ in split[1:]
    )
    body = split[1:] if (headed or titled) and split[0][0] is rows[0] else split
    two = (top[0], " ".join(top[1:])) if headed else ()
    yield Grid(two, tuple(TableRow((a, f"{b} {c}".strip()), r.start, r.end) for r, a, b, c in body))
    three = (top[0], top[1], " ".join(top[2:])) if headed and len(top) > 2 else ()
    yield Grid(three, tuple(TableRow((a, b, c), r.start, r.end) for r, a, b, c in body))
