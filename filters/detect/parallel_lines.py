"""Lines and blocks that say of each person the same in the same way, without a table around them (OUT-PII).

    原告　山内　澄江（平成16年8月5日生）      678136ﾊﾀ ｶｽﾞﾔ     200311050223475845      山内 澄江
    原告　古川　康弘（昭和50年3月1日生）      239960ﾔﾅｷﾞ ﾔｽﾋﾛ   198808260857649615      平成16年8月5日

What differs from line to line is a cell; what is the same in all is a label: it is the heading of what stands behind it. Lines
belong together where what remains without words, figures and data is the same. A list as a mainframe prints it has nothing
between its fields, but its fields are of other characters.
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

MOST = 6_000
"""Lines with a datum that are looked at."""
LEAST, LONGEST = 3, 240
"""Lines that make a list; characters of one."""
CELLS = 14
"""Words of a line at most."""
SAME = 0.6
"""Share of the lines in which a word that is a label is the same."""
_YEAR = r"(?:19[2-9][0-9]|20[01][0-9])"
_DAY = r"(?:0[1-9]|1[0-2])(?:0[1-9]|[12][0-9]|3[01])"
_PHONE = r"0[0-9]{1,4}[-(][0-9]{1,4}[-)][0-9]{3,4}|\+[0-9]{1,3}[ -]?[0-9][0-9 -]{6,14}[0-9]|0[0-9]{9,10}"
_ERA = r"(?:明治|大正|昭和|平成|令和)[0-9元]{1,2}年[0-9]{1,2}月[0-9]{1,2}日|[MTSH]\.?[0-9]{1,2}[./][0-9]{1,2}[./][0-9]{1,2}"
_FULL = rf"{_YEAR}[年/.\-][0-9]{{1,2}}[月/.\-][0-9]{{1,2}}日?|[0-9]{{1,2}}[./][0-9]{{1,2}}[./]{_YEAR}"
_MAIL = r"[A-Za-z0-9._%+\-]{1,64}@[A-Za-z0-9\-]{1,63}(?:\.[A-Za-z0-9\-]{1,63}){1,5}"
_HINT = re2.compile(
    rf"{_PHONE}|{_ERA}|{_FULL}|{_YEAR}{_DAY}|{_MAIL}|[0-9]{{1,3}}[歳才]|[0-9],[0-9]{{3}} ?円|[0-9]{{5,}}円|[£$€¥] ?[0-9]{{1,3}},[0-9]{{3}}|(?i:\b(?:dob|passport|born)\b)"
)
"""Where a line of one person may be."""
_TOKEN = re.compile(
    rf"(?P<run>(?<![0-9]){_YEAR}{_DAY}(?=0[0-9]{{5,11}}(?![0-9])|[0-9](?:[ \t]|$)))"
    rf"|(?P<birth>[0-9]{{1,2}}[ -]?(?i:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]{{0,6}}[ -]?(?:19|20)?[0-9]{{2}}(?![0-9])|{_ERA}|{_FULL}|(?<![0-9]){_YEAR}{_DAY}(?![0-9]))|(?P<phone>(?<![0-9+])(?:{_PHONE})(?![0-9]))|(?P<mail>{_MAIL})"
    r"|(?P<postal>〒 ?[0-9]{3}-?[0-9]{4}|(?<![0-9-])[0-9]{3}-[0-9]{4}(?![0-9-]))|(?P<age>(?<![0-9])[0-9]{1,3} ?[歳才])"
    r"|(?P<sum>[¥$€£]? ?[0-9]{1,3}(?:,[0-9]{3})+(?:\.[0-9]{2})? ?円?|[0-9]{4,}円)"
    r"|(?P<code>(?<![A-Za-z0-9])[A-Z]{1,3}[0-9]{5,9}(?![A-Za-z0-9]))|(?P<number>[0-9]+(?:[.\-][0-9]+)*)"
    r"|(?P<word>[A-ZÀ-Ý][A-Za-zÀ-ɏ]*\.?(?:(?:[ '’\-]|, | (?:van|von|de|der|den|di|la|le|da|bin|al) )[A-ZÀ-Ý][A-Za-zÀ-ɏ]*\.?)*|[a-zß-ɏ]+(?:[ '’\-][a-zß-ɏ]+)*|[^\W\dA-Za-zÀ-ɏ]+)|(?P<sign>[^\w\s])"
)
_HEADS = {"phone": "電話番号", "mail": "メール", "postal": "郵便番号", "age": "年齢"}
"""What a datum says that is known by its form; of dates and sums, what stands around them does."""
_CODES = {
    "birth": "d",
    "run": "d",
    "phone": "p",
    "mail": "m",
    "postal": "z",
    "age": "a",
    "sum": "s",
    "number": "#",
    "code": "c",
    "word": "w",
}
_BORN = re.compile(r"生|誕生|dob|born|geb|née?$|nacid|nat[oa]$|出生", re.IGNORECASE)
_KANA = re.compile(r"[ァ-ヶー]{1,8} ?[ァ-ヶー]{1,10}")
_NAME = 6
"""Characters of a family name in kanji or kana."""
Piece = tuple[str, str]


def parallel(cells: str, raw: str) -> Iterator[Grid]:
    """The lists in a text whose lines are alike; `cells` is folded, `raw` has the same lines as they stand in the file."""
    groups: dict[str, list[tuple[list[Piece], int]]] = {}
    done, number, at, before = -1, 0, 0, ""
    for hit in islice(_HINT.finditer(raw if _HINT.search(raw) else normalize("NFKC", raw)), MOST):
        where = hit.start()
        if where < done:
            continue
        start = raw.rfind("\n", 0, where) + 1
        done = raw.find("\n", where)
        done = len(raw) if done < 0 else done
        line = raw[start:done]
        if done - start > LONGEST or line == before:  # the same again is nobody else
            continue
        before = line
        number += raw.count("\n", at, start)
        at = start
        found = pieces(normalize("NFKC", line))
        if 2 <= len(found) <= 3 * CELLS and any(kind == "word" for kind, _ in found):
            groups.setdefault(_form(found), []).append((found, number))
    if not any(len(group) >= LEAST for group in groups.values()):
        return
    starts = [*line_starts(cells), len(cells)]
    for group in groups.values():
        if len(group) >= LEAST and (made := _columns([found for found, _ in group])):
            heads, rows = made
            spans = ((starts[n], starts[n + 1]) if n + 1 < len(starts) else (0, 0) for _, n in group)
            yield Grid(heads, tuple(TableRow(row, *span) for row, span in zip(rows, spans, strict=True)))


def pieces(line: str) -> list[Piece]:
    """(kind, text) of what stands in a line: data, figures, words, signs."""
    found: list[Piece] = []
    for match in islice(_TOKEN.finditer(line), 4 * CELLS):
        kind = match.lastgroup or ""
        # 山内 澄江 is one name, in two words
        follows = (
            kind == "word"
            and not match[0].isascii()
            and found
            and found[-1][0] in ("word", "next")
            and line[match.start() - 1] == " "
            and line[match.start() - 2] not in " \t"
        )
        found.append(("next" if follows else kind, match[0]))
    return found


def _form(found: Sequence[Piece]) -> str:
    """What is left of a line without its words and figures."""
    form = "".join(_CODES.get(kind, "" if kind == "next" else text) for kind, text in found)
    return re.sub(r"w+", "w", form)


def _columns(lines: list[list[Piece]]) -> tuple[tuple[str, ...], list[tuple[str, ...]]] | None:
    """Headings and rows of lines that are alike; None where no word differs."""
    shapes = Counter(tuple(kind for kind, _ in line if kind != "sign") for line in lines)
    shape = shapes.most_common(1)[0][0]
    width = len(shape)
    whole = [[p for p in line if p[0] != "sign"] for line in lines]
    kept = [line if tuple(k for k, _ in line) == shape else _fitted(line, shape) for line in whole]
    if sum(line is not None for line in kept) < LEAST:
        return None
    columns = [[line[n][1] if line else "" for line in kept] for n in range(width)]
    heads: list[str] = []
    chosen: list[list[str]] = []
    label = ""
    n = 0
    while n < width:
        kind, values = shape[n], columns[n]
        said = Counter(v for v in values if v).most_common(1)
        common, times = said[0] if said else ("", 0)
        if kind in ("word", "next") and times >= SAME * len(lines):
            label = common
            if n and shape[n - 1] in ("birth", "sum") and not heads[-1]:
                heads[-1] = "生年月日" if _BORN.match(label) else label
        elif kind in ("word", "next"):
            if n + 1 < width and shape[n + 1] == "next" and _varies(columns[n + 1]) and _is_short(values):
                values = [f"{a} {b}".strip() for a, b in zip(values, columns[n + 1], strict=True)]
                n += 1
            kana = sum(_KANA.fullmatch(v) is not None for v in values) >= 0.8 * len(values)
            heads.append(label if kind_of(label) else "カナ" if kana else "")
            chosen.append(values)
            label = ""
        elif kind != "number":
            heads.append("生年月日" if kind == "birth" and _BORN.match(label) else _HEADS.get(kind) or label)
            chosen.append(values)
            label = ""
        n += 1
    if len(chosen) < 2:
        return None
    return tuple(heads), list(zip(*chosen, strict=True))


def _varies(values: Sequence[str]) -> bool:
    said = Counter(v for v in values if v).most_common(1)
    return not said or said[0][1] < SAME * len(values)


def _is_short(values: Sequence[str]) -> bool:
    return max(map(len, values), default=0) <= _NAME


def _fitted(line: list[Piece], shape: tuple[str, ...]) -> list[Piece] | None:
    """A line with fewer words than most: 林義男 beside 山内 澄江."""
    fitted: list[Piece] = []
    left = list(line)
    for kind in shape:
        if left and left[0][0] == kind:
            fitted.append(left.pop(0))
        elif kind == "next":
            fitted.append((kind, ""))
        else:
            return None
    return None if left else fitted
