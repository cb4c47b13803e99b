"""One person in each block of lines, blocks parted by blank lines, rules, bullets or numbers (OUT-PII).

    山田 太郎                     No.1                         ■ 山田 太郎
    昭和56年3月4日                 Emma Clark                     生年月日 1981/3/4
    東京都港区芝公園1-2             12 Main Street                 診断 糖尿病
    (blank)                       (rule)                       ■ 鈴木 花子

The lines of a block are cells; a word that begins the same line of most blocks is its heading.
"""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import islice
from unicodedata import normalize

import re2

from filters.detect.grid_rows import Grid, TableRow
from filters.detect.headings import kind_of
from filters.detect.text import line_starts

MOST, LEAST = 3_000, 3
"""Blocks of a text that are looked at; those that make a list."""
_BLOCK = re2.compile(
    r"(?m)^((?:[ \t\x{3000}]*[^\s][^\n]*\n){2,9}?)(?:[ \t\r\x{3000}]*\n|[ \t]*[-=*_─━～~・…]{3,}[ \t\r]*\n|\x0c)+"
)
_BEGUN = re2.compile(
    r"(?m)^[ \t\x{3000}]{0,4}(?:[■□◆◇●○◎▼▽★☆▶►•]|(?:No\.?|№|#)? ?[0-9]{1,4}[.):．）]|[(（\[【<][0-9]{1,4}[)）\]】>]|[①-⑳])[ \t\x{3000}]*[^\n]+\n(?:[ \t\x{3000}]*[^\s■□◆◇●○◎▼▽★☆▶►•①-⑳0-9(（\[【<][^\n]*\n|[ \t\x{3000}]*[0-9(（][0-9/.\-年() ]{5}[^\n]*\n){1,8}"
)
"""A line that begins a record, and those below it that begin none."""
_LEAD = re.compile(
    r"^[\s>・■□◆◇●○◎▼▽★☆▶►•*\-]*(?:(?:No\.?|№|#)? ?[0-9]{1,4}[.):．）] ?|[(（\[【<][0-9]{1,4}[)）\]】>] ?|[①-⑳] ?)?"
)
_NUMBERED = re.compile(r"^[\s#(\[【<]*(?:No\.?|№)? ?[0-9]{1,6}[)\]】>.: ]*$", re.IGNORECASE)
_RULE = re.compile(r"^[\s\-=*_─━～~・…]{3,}$")
_PAIR = re.compile(r"([^\s:=0-9][^:=\n]{0,20}?)[ \u3000]{0,8}[:=][ \u3000]{0,4}(.{1,120})$")
_TELLS = re2.compile(r"[0-9@]")


def in_blocks(cells: str, raw: str) -> Iterator[Grid]:
    """The lists in a text, one for each way in which blocks are parted; `raw` has the same lines as `cells`."""
    text = f"{raw}\n\n"
    for expression in (_BLOCK, _BEGUN):
        found = [m.span(m.lastindex or 0) for m in islice(expression.finditer(text), MOST)]
        if len(found) >= LEAST:
            yield from _listed(text, cells, found)


def _listed(text: str, cells: str, found: Sequence[tuple[int, int]]) -> Iterator[Grid]:
    split = [(_lines(text[start:end]), start, end) for start, end in found]
    split = [one for one in split if len(one[0]) >= 2]
    lengths = Counter(len(lines) for lines, _, _ in split)
    if not lengths:
        return
    starts = [*line_starts(cells), len(cells)]
    for width, times in lengths.most_common(3):
        if times < LEAST:
            break
        same = [one for one in split if len(one[0]) == width]
        columns = [[lines[n] for lines, _, _ in same] for n in range(width)]
        if not any(_TELLS.search("\n".join(column)) for column in columns[1:]):
            continue
        heads, values = zip(*(_headed(column) for column in columns), strict=True)
        rows = []
        for row, (_, start, end) in zip(zip(*values, strict=True), same, strict=True):
            first = min(text.count("\n", 0, start), len(starts) - 2)
            last = min(text.count("\n", 0, end), len(starts) - 1)
            rows.append(TableRow(row, starts[first], max(starts[last], starts[first] + 1)))
        yield Grid(heads, tuple(rows))


def _lines(block: str) -> tuple[str, ...]:
    lines = [normalize("NFKC", line).strip() for line in block.split("\n")]
    kept = [line for line in lines if line and not _NUMBERED.match(line) and not _RULE.match(line)]
    return (_LEAD.sub("", kept[0]), *kept[1:]) if kept else ()


def _headed(column: Sequence[str]) -> tuple[str, list[str]]:
    """What begins the lines of most blocks, if it says something, and what stands behind it."""
    pairs = [_PAIR.match(line) for line in column]
    said = Counter(pair[1] for pair in pairs if pair).most_common(1)
    if said and 2 * said[0][1] > len(column):
        return said[0][0], [p[2].strip() if p else line for p, line in zip(pairs, column, strict=True)]
    least, most = min(column), max(column)
    same = next((n for n, (a, b) in enumerate(zip(least, most, strict=False)) if a != b), 0)
    front = re.match(r"[^\W\d]{1,16}(?=[\s\d〒+])", least[:same])
    if front and kind_of(front[0]):
        return front[0], [line[front.end() :].strip() for line in column]
    return "", list(column)
