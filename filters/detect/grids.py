"""Tables in a text, as rows of cells (OUT-PII): by tabs, commas, wide blanks, labels, JSON, XML, SQL, one cell per line.

A table is what people read as one, whatever file it stands in:

    氏名<TAB>電話            {"name": "山田", "tel": "…"}         お名前：山田
    山田<TAB>090-…          <name>山田</name><tel>…</tel>         お電話：090-…

What finds them is RE2 over the whole text; only what it finds is looked at row by row.
"""

import csv
import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from unicodedata import normalize

import msgspec
import re2

from filters.detect.address_labels import labels
from filters.detect.headings import NAMED, kind_of
from filters.detect.led_rows import led
from filters.detect.pairs import pairs
from filters.detect.text import TAB, line_starts
from filters.detect.transfers import paid

ROWS = 20_000
"""Rows of one text that are looked at."""
WIDEST = 60
"""Columns of a row that are looked at."""
_LINES = 2000
"""Short lines of a text among which these are looked for; other lines may stand between them."""
_MOST_HEADS = 20
"""Headings on lines of their own."""


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
_FIGURE = re.compile(r"[0-9@]")
_RULE = re.compile(r"^[\s|+:=\-–─━┼┿│]*$")
_LISTED = re2.compile(r"\"([^\"\n]{1,40})\"\s*:\s*\[([^\[\]{}]+)\]")
"""A column of a table that is kept by its columns."""
_INSERT = re2.compile(r"(?i)insert +(?:ignore +)?into[^(\n;]+(?:\(([^()\n]*)\))?\s*values\s*")
_VALUES = re2.compile(r"""\(((?:'(?:[^'\\]|''|\\.)*'|"[^"]*"|[^()'";])*)\)""")
_COPY = re2.compile(r"(?i)copy [^(\n]+\(([^()\n]*)\) from stdin;?[^\n]*\n")
_ITEM = r"""[ \n\r]*(?:"[^"\n]*"|'[^'\n]*'|[^\[\](){}"'\n,]*)[ \n\r]*"""
_TUPLE = re2.compile(rf"[\[(]({_ITEM}(?:,{_ITEM})+)[\])]")
_MAILBOX = re2.compile(
    r"(?:^|[;,\n\x1f:])[ \t>]*[\"']?([^<>;:\n\x1f\"@]{2,60}?)[\"']? *<([A-Za-z0-9._%+\-]+@[A-Za-z0-9.\-]+)>"
)
_BRACKETED = re2.compile(r"([^\s、,;:()\x1f][^、,;:()\x1f\n]{1,16}?) ?\(([^()\n]{6,80})\)")
_TURNED = re.compile(r"[^\W\d]{2,20}(?:[ '-][^\W\d]{1,20}){0,2}, ?[^\W\d]{2,20}(?: [^\W\d]{1,20}\.?)?")
"""Family name, given name, as an address book writes them."""
_SOME = 3
_ALONE = re2.compile(r"(?m)^[ \t\x1f]*([^\s\x1f][^\n\x1f]{0,20}?)[ \t\x1f\r]*$")


def grids(cells: str, raw: str) -> Iterator[Grid]:
    """The tables in a text: `cells` is folded, with TAB between cells, `raw` the same lines as they stand in the file."""
    if "INSERT" in cells or "insert" in cells:
        yield from _inserts(cells)
    for by, expression in _BLOCKS.items():
        if by in cells:
            whole = f"{cells}\n"
            blocks = list(_QUOTED[by].finditer(whole)) if by in _QUOTED and '"' in cells else []
            for match in blocks or expression.finditer(whole):
                yield from _block(match[0], match.start(), by)
    for found_pairs in pairs(cells):
        yield from _labelled(found_pairs)
    if '":' in cells or '" :' in cells:
        yield from _by_columns(cells)
    if "<" in cells and "@" in cells:
        boxes = islice(_MAILBOX.finditer(cells), ROWS)
        found = [TableRow((m[1], m[2]), m.start(1), m.end()) for m in boxes]
        if len(found) >= 3:
            turned = sum(_TURNED.fullmatch(row.cells[0]) is not None for row in found)
            yield Grid(("氏名" if 2 * turned > len(found) else "name", "mail"), tuple(found))
    if '",' in cells or "'," in cells:
        tuples = islice(_TUPLE.finditer(cells), ROWS)
        found = [TableRow(_items(m[1]), m.start(), m.end()) for m in tuples]
        yield from _arranged(found)
    if cells.count("(") >= _SOME:
        yield from _in_brackets(cells)
    for listed in (paid(cells, raw), labels(cells)):
        if len(listed) >= _SOME:
            heads = ("氏名", "口座番号" if listed[0][0][1].isdigit() else "住所")
            yield Grid(heads, tuple(TableRow(row, start, end) for row, start, end in listed))
    for headings, rows in led(cells):
        yield Grid(headings, tuple(TableRow(*row) for row in rows))
    yield from _one_per_line(cells)
    yield from _wide(cells, raw)


def _by_columns(cells: str) -> Iterator[Grid]:
    """{"氏名": ["山田", …], "電話": ["090-…", …]}"""
    listed = [(m[1], _items(m[2]), m.start(), m.end()) for m in islice(_LISTED.finditer(cells), WIDEST)]
    known = [one for one in listed if kind_of(one[0])]
    length = max((len(items) for _, items, _, _ in known), default=0)
    same = [one for one in known if len(one[1]) == length]
    if len(same) >= 2 and length >= _SOME:
        start, end = same[0][2], same[-1][3]
        yield Grid(
            tuple(head for head, _, _, _ in same),
            tuple(TableRow(row, start, end) for row in zip(*(items for _, items, _, _ in same), strict=True)),
        )


def _in_brackets(cells: str) -> Iterator[Grid]:
    """People behind one another in a sentence, each with what is said of them in brackets."""
    rows = [
        TableRow((m[1], *re.split(r"[、,;/]+ ?", m[2])), cells.rfind("\n", 0, m.start()) + 1, m.end())
        for m in islice(_BRACKETED.finditer(cells), ROWS)
        if _FIGURE.search(m[2])
    ]
    if len(rows) >= _SOME:
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
    yield from _arranged(rows)


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


def _items(written: str, quote: str = '"') -> tuple[str, ...]:
    """The items of a list or tuple of a program."""
    one = csv.reader([written.replace("\n", " ").replace("\r", " ")], skipinitialspace=True, quotechar=quote)
    try:
        return tuple(item.strip(" '\"") for item in next(one, [])[:WIDEST])
    except csv.Error:
        return ()


def _arranged(rows: list[TableRow], *, blanks: bool = False) -> Iterator[Grid]:
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
            yield from _labelled((r.cells[0], " ".join(r.cells[1:]), r.start, r.end) for r in rows)
        elif len(rows) <= 40 and sum(map(bool, map(kind_of, rows[0].cells[1:]))) * 4 < len(rows[0].cells):
            yield _turned(rows)
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
    if any(_FIGURE.search(cell) for cell in row.cells) or sum(map(bool, row.cells)) < 2:
        return False
    return any(
        sum(n < len(r.cells) and _FIGURE.search(r.cells[n]) is not None for r in below) * 2 > len(below)
        for n, cell in enumerate(row.cells)
        if cell
    )


def _turned(rows: list[TableRow]) -> Grid:
    width = max(len(row.cells) for row in rows)
    start, end = rows[0].start, rows[-1].end
    columns = [tuple(r.cells[n] if n < len(r.cells) else "" for r in rows) for n in range(width)]
    return Grid(columns[0], tuple(TableRow(column, start, end) for column in columns[1:]))


def _labelled(pairs: Iterable[tuple[str, str, int, int]]) -> Iterator[Grid]:
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


def _inserts(cells: str) -> Iterator[Grid]:
    """Rows of SQL INSERT, one or many in a statement."""
    tables: dict[str, list[TableRow]] = {}
    begun = [(m[1] or "", m.start(), m.end()) for m in islice(_INSERT.finditer(cells), ROWS)]
    ends = [start for _, start, _ in begun[1:]] + [len(cells)]
    for (names, _, begin), end in zip(begun, ends, strict=True):
        rows = tables.setdefault(names, [])
        for match in islice(_VALUES.finditer(cells[begin:end]), ROWS - len(rows)):
            rows.append(TableRow(_items(match[1], "'"), begin + match.start(), begin + match.end()))
    for names, rows in tables.items():
        yield Grid(tuple(n.strip(" `\"[]'") for n in names.split(",")) if names else (), tuple(rows))


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
            yield from _arranged(rows, blanks=expression is _BLANKS)
            if expression is _BLANKS:
                yield from _led(rows)


def _led(rows: list[TableRow]) -> Iterator[Grid]:
    """Rows of words, the first of which are a name, and of figures: as two columns, and as three."""
    split = []
    for row in rows:
        cut = next(
            (n for n, cell in enumerate(row.cells) if _FIGURE.search(cell)), min(2, len(row.cells) - 1)
        )
        if 1 <= cut <= 4:
            split.append((row, " ".join(row.cells[:cut]), row.cells[cut], " ".join(row.cells[cut + 1 :])))
    if len(split) < 3:
        return
    top = rows[0].cells
    headed = not any(_FIGURE.search(cell) for cell in top) and kind_of(top[0]) != ""
    body = split[1:] if headed and split[0][0] is rows[0] else split
    two = (top[0], " ".join(top[1:])) if headed else ()
    yield Grid(two, tuple(TableRow((a, f"{b} {c}".strip()), r.start, r.end) for r, a, b, c in body))
    three = (top[0], top[1], " ".join(top[2:])) if headed and len(top) > 2 else ()
    yield Grid(three, tuple(TableRow((a, b, c), r.start, r.end) for r, a, b, c in body))
