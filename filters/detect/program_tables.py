"""Tables as programs keep them: by columns in JSON, rows of SQL, lists and tuples (OUT-PII).

{"氏名": ["山田", …], "電話": ["090-…", …]}      INSERT INTO t (name, tel) VALUES ('山田', '090-…');      ["山田", "090-…"]
"""

import csv
from collections.abc import Iterator
from itertools import islice

import re2

from filters.detect.grid_rows import ROWS, SOME, WIDEST, Grid, TableRow
from filters.detect.headings import kind_of

_LISTED = re2.compile(r"\"([^\"\n]{1,40})\"\s*:\s*\[([^\[\]{}]+)\]")
"""A column of a table that is kept by its columns."""
_INSERT = re2.compile(r"(?i)insert +(?:ignore +)?into[^(\n;]+(?:\(([^()\n]*)\))?\s*values\s*")
_VALUES = re2.compile(r"""\(((?:'(?:[^'\\]|''|\\.)*'|"[^"]*"|[^()'";])*)\)""")
_COPY = re2.compile(r"(?i)copy [^(\n]+\(([^()\n]*)\) from stdin;?[^\n]*\n")
_ITEM = r"""[ \n\r]*(?:"[^"\n]*"|'[^'\n]*'|[^\[\](){}"'\n,]*)[ \n\r]*"""
_TUPLE = re2.compile(rf"[\[(]({_ITEM}(?:,{_ITEM})+)[\])]")


def by_columns(cells: str) -> Iterator[Grid]:
    """{"氏名": ["山田", …], "電話": ["090-…", …]}"""
    listed = [(m[1], items(m[2]), m.start(), m.end()) for m in islice(_LISTED.finditer(cells), WIDEST)]
    known = [one for one in listed if kind_of(one[0])]
    length = max((len(items) for _, items, _, _ in known), default=0)
    same = [one for one in known if len(one[1]) == length]
    if len(same) >= 2 and length >= SOME:
        start, end = same[0][2], same[-1][3]
        yield Grid(
            tuple(head for head, _, _, _ in same),
            tuple(TableRow(row, start, end) for row in zip(*(items for _, items, _, _ in same), strict=True)),
        )


def items(written: str, quote: str = '"') -> tuple[str, ...]:
    """The items of a list or tuple of a program."""
    one = csv.reader([written.replace("\n", " ").replace("\r", " ")], skipinitialspace=True, quotechar=quote)
    try:
        return tuple(item.strip(" '\"") for item in next(one, [])[:WIDEST])
    except csv.Error:
        return ()


def inserts(cells: str) -> Iterator[Grid]:
    """Rows of SQL INSERT, one or many in a statement."""
    tables: dict[str, list[TableRow]] = {}
    begun = [(m[1] or "", m.start(), m.end()) for m in islice(_INSERT.finditer(cells), ROWS)]
    ends = [start for _, start, _ in begun[1:]] + [len(cells)] * bool(begun)
    for (names, _, begin), end in zip(begun, ends, strict=True):
        rows = tables.setdefault(names, [])
        for match in islice(_VALUES.finditer(cells[begin:end]), ROWS - len(rows)):
            rows.append(TableRow(items(match[1], "'"), begin + match.start(), begin + match.end()))
    for names, rows in tables.items():
        yield Grid(tuple(n.strip(" `\"[]'") for n in names.split(",")) if names else (), tuple(rows))


def tuples(cells: str) -> list[TableRow]:
    """Lists and tuples, each a row."""
    found = islice(_TUPLE.finditer(cells), ROWS)
    return [TableRow(items(m[1]), m.start(), m.end()) for m in found]
