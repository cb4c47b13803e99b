"""Records of people in a text (OUT-PII): rows, lines or blocks with a name and one more datum.

One signature is not a leak; a table of two hundred customers is. Therefore records are counted, each once: by
its address, number or place. A record is
  - a line with a name and a mail address, telephone number, postal address or date of birth, Japanese or not,
  - a row of a table with two different data, or with one and something in a column headed 氏名 or "name",
  - a line that is a name only, with a datum in one of the next lines (forms, cells written one below the other).
"""

import heapq
import re
from collections.abc import Iterable, Iterator
from itertools import islice

import msgspec

from config.policy import Organisation
from filters.detect import western
from filters.detect.grid_rows import Grid
from filters.detect.grids import grids
from filters.detect.headings import FIELDS, kind_of
from filters.detect.people_tables import judged
from filters.detect.person_names import ORGANISATION, family_name, kana_given
from filters.detect.text import TAB, Idle
from filters.detect.told import title_above

__all__ = ["FIELDS", "MOST", "ListedPeople", "PersonRecord", "outsiders", "phone", "records"]

MOST = 2000
"""Most records counted in one text; more would add nothing."""

TABLES = 2000
"""Tables of one text that are looked at."""
LIST = 3
"""Data that make it worth looking for tables."""
ABOVE = 4
"""Most lines between a name alone on its line and the datum that belongs to it."""
_REACH = 250
"""Characters in front of a line that can hold them."""


class PersonRecord(msgspec.Struct, frozen=True):
    """A person's record: `key` is the datum that distinguishes it, `quote` masked words, `offset` in the text.

    `mail` is the person's address, if it stands there; `private` is False where only how to reach them at work does.
    """

    key: str
    quote: str
    offset: int
    mail: str = ""
    private: bool = True


class ListedPeople(msgspec.Struct, frozen=True):
    """The people in a text, and the addresses and telephone numbers that stand in lists of companies, shops or offices."""

    records: tuple[PersonRecord, ...] = ()
    public: frozenset[str] = frozenset()


_PREFECTURE = (
    r"(?:北海道|東京都|京都府|大阪府|(?:青森|岩手|宮城|秋田|山形|福島|茨城|栃木|群馬|埼玉|千葉|神奈川|新潟|富山|石川|福井|山梨|長野|岐阜|静岡|愛知"
    r"|三重|滋賀|兵庫|奈良|和歌山|鳥取|島根|岡山|広島|山口|徳島|香川|愛媛|高知|福岡|佐賀|長崎|熊本|大分|宮崎|鹿児島|沖縄)県)"
)
_LONG_PREFECTURES = "神奈川|和歌山|鹿児島"
_SHORT_PREFECTURES = (
    "青森|岩手|宮城|秋田|山形|福島|茨城|栃木|群馬|埼玉|千葉|新潟|富山|石川|福井|山梨|長野|岐阜|静岡|愛知|三重|滋賀|兵庫|奈良|鳥取|島根|岡山|広島|山口|"
    "徳島|香川|愛媛|高知|福岡|佐賀|長崎|熊本|大分|宮崎|沖縄"
)
# It begins with one class of characters, because only then does the search skip from one to the next: five times
# as fast as alternatives that begin differently.
_DATA = re.compile(
    r"[@+0〒都道府県生誕Bb](?:"
    r"(?<=@)(?P<mail>[A-Za-z0-9][A-Za-z0-9\-]{0,62}\.[A-Za-z0-9.\-]{2,190})"
    r"|(?<=[+0])(?<![0-9\-.][+0])(?P<phone>(?:(?<=\+)81[ \-]?(?:\(0\))?[1-9]|(?<=0)[1-9])[0-9\-() ]{7,13}[0-9](?![0-9\-]))"
    r"|(?<=〒)(?P<postal>[ ]?[0-9]{3}-?[0-9]{4})"
    r"|(?:(?<=東京都)|(?<=北海道)|(?<=京都府)|(?<=大阪府)|(?<=県)(?:(?<=(?:"
    + _LONG_PREFECTURES
    + r")県)|(?<=(?:"
    + _SHORT_PREFECTURES
    + r")県)))"
    r"(?P<place>[^\s,、0-9" + TAB + r"]{1,14}[市区町村郡])"
    r"|(?P<birth>(?:(?<=生)年月日|(?<=誕)生日|(?<=[Bb])irth[ a-z]{0,8})[^0-9\n明大昭平令MTSHR]{0,6}(?:[明大昭平令][治正和成]|[MTSHR])?\.?"
    r"[0-9元]{1,4}[年/.\-][0-9]{1,2}[月/.\-][0-9]{1,2}))"
)
_LOCAL = re.compile(r"[A-Za-z0-9._%+\-]{1,64}$")
_SPLIT = re.compile(rf"[{TAB},;|、\"]+")
_RUN = re.compile(r"[一-龥々ヶ]{2,9}")
_FIELD = re.compile(rf"生年月日|誕生日|住所|自宅|電話|携帯|年齢|性別|会社|{_PREFECTURE}")
"""Words that start another datum: folding has joined them to the name."""
_LABEL = re.compile(r"(?:氏名|お名前|名前|会員名|顧客名|申込者|[Nn]ame|FN)\s{0,3}[:=]\s{0,3}[^\s:]")
_CALLED = re.compile(r"[一-龥々]{1,5}(?:様|さん|殿)(?![々式子相])|[ァ-ヶー]{2,8}(?:様|さん)")
_LATIN = re.compile(
    r"(?<![A-Za-z])[A-Z][a-z]{1,15}(?: [A-Z]\.)?[ ][A-Z](?:[a-z]{1,15}|[A-Z]{1,15})(?:-[A-Z][a-z]{1,15})?(?![A-Za-z])"
)
_LATIN_CELL = re.compile(rf"(?:^|[{TAB},;|\"'<(:>])[ ]?{_LATIN.pattern}[ ]?(?:$|[{TAB},;|\"'<()])")
_ALONE = re.compile(
    rf"^[ ]{{0,4}}[◎○●◆◇■□・*▼▽★☆-]?[ ]?(?:{_LATIN.pattern}|[一-龥々ヶぁ-んァ-ヶー]{{2,10}})[ ]?(?:様|さん|殿)?[ ]{{0,4}}$"
)


def outsiders(found: Iterable[PersonRecord], organisation: Organisation) -> list[PersonRecord]:
    """Without our own people of whom nothing stands there but how to reach them at work."""
    return [r for r in found if r.private or not r.mail or not organisation.internal(r.mail)]


def records(
    cells: str,
    raw: str = "",
    *,
    abroad: bool = True,
    fields: bool = False,
    told: bool = False,
    title: str = "",
) -> ListedPeople:
    """The people in a text with TAB-separated cells (Text.cells, and `raw` as it stands in the file): at most MOST, each once.

    `abroad`: also by addresses and telephone numbers outside Japan (filters/detect/western.py); `fields`: there are
    headings or values of tables of people; `told`: words for what lists say of people; `title`: what the mail or the file is called.
    """
    cells = _without_offices(cells) if "\nORG:" in cells else cells
    found: dict[str, PersonRecord] = {}
    taken: list[tuple[int, int]] = []
    public: set[str] = set()
    if fields or told or len(list(islice(_matches(cells, abroad), LIST))) == LIST:
        for grid in islice(grids(cells, raw or cells, titled=told), TABLES):
            _judge(cells, grid, title, found, taken, public)
    _line_by_line(cells, abroad, found, sorted(taken))
    return ListedPeople(tuple(found.values()), frozenset(public))


def _without_offices(cells: str) -> str:
    """The text, of the same length, without the names on cards that say again whose office it is."""
    lines = cells.split("\n")
    offices = {f"FN{line[3:]}" for line in lines if line.startswith("ORG:")}
    return "\n".join(" " * len(line) if line in offices else line for line in lines)


def _judge(
    cells: str,
    grid: Grid,
    title: str,
    found: dict[str, PersonRecord],
    taken: list[tuple[int, int]],
    public: set[str],
) -> None:
    """What one table says. The first that explains its lines counts: the same text can be read as several tables."""
    rows = grid.rows
    middle = rows[len(rows) // 2].start if rows else -1
    if not rows or any(start <= middle < end for start, end in taken):
        return
    table = judged(grid, MOST, lambda: f"{title}\n{title_above(cells, rows[0].start)}")
    span = (min(row.start for row in rows), max(row.end for row in rows))
    if len(table.people) >= (1 if grid.exact else 2):
        taken.append(span)
        for one in table.people[: MOST - len(found)]:
            shown = f"{_initial(one.name)} {_shown(one.datum)}"
            found.setdefault(one.key, PersonRecord(one.key, shown, one.offset, one.mail, one.private))
    elif table.organisations:
        taken.append(span)
        for match in _matches(cells[span[0] : span[1]], True):
            if datum := _datum(cells[span[0] : span[1]], match):
                public.add(datum[1])


def _line_by_line(
    cells: str, abroad: bool, found: dict[str, PersonRecord], taken: list[tuple[int, int]]
) -> None:
    """Records in the lines that no table explains."""
    column: int | None = None
    used = reach = passed = 0
    idle = Idle()
    for start, end, kinds in _lines(cells, abroad):
        if len(found) >= MOST:
            break
        while passed < len(taken) and taken[passed][1] <= start:
            passed += 1
        if passed < len(taken) and taken[passed][0] <= start:
            continue
        line = cells[start:end]
        seen = cells[start - _REACH : end] if used <= start - _REACH else ""
        if seen in idle:
            continue
        row = _SPLIT.split(line)
        if column is None and reach == 0:
            column = _name_column(cells, start)
            reach = 1
        named = ""
        if column is not None and len(row) > column + 1 and _is_cell_name(row[column]):
            named = row[column].strip()
        named = named or _named(line)
        if not named and len(kinds) >= 2 and len(row) >= 3 and any(_tells(k, v) for k, v, _ in kinds):
            named = "*"
        if not named:
            named, used = _above(cells, start, used)
        if named:
            kind, value, offset = kinds[0]
            if value not in found:
                mail = next((v for k, v, _ in kinds if k == "mail"), "")
                private = any(k not in ("mail", "phone") for k, _, _ in kinds)
                shown = f"{_initial(named)} {_masked(kind, value)}"
                found[value] = PersonRecord(value, shown, offset, mail, private)
                if len(found) >= MOST:
                    break
        elif seen.count("\n") > ABOVE:  # all is in it that was looked at
            idle.add(seen)


def _tells(kind: str, value: str) -> bool:
    """True for a datum that is a person's even without a name: companies have main numbers and addresses, too."""
    return kind in ("mail", "birth") or (kind == "phone" and value.startswith(("070", "080", "090")))


def _matches(cells: str, abroad: bool) -> Iterator[re.Match[str]]:
    data: Iterator[re.Match[str]] = _DATA.finditer(cells)
    if abroad:
        data = heapq.merge(data, western.data(cells), key=lambda match: match.start())
    return data


def _lines(cells: str, abroad: bool) -> Iterator[tuple[int, int, list[tuple[str, str, int]]]]:
    """(start, end, [(kind, value, offset)]) of each line with data, one datum per kind."""
    start, end = 0, -1
    kinds: list[tuple[str, str, int]] = []
    for match in _matches(cells, abroad):
        datum = _datum(cells, match)
        if datum is None:
            continue
        if match.start() > end:
            if kinds:
                yield start, end, kinds
            kinds = []
            start = cells.rfind("\n", 0, match.start()) + 1
            end = cells.find("\n", match.start())
            end = len(cells) if end < 0 else end
        if all(datum[0] != kind for kind, _, _ in kinds):
            kinds.append(datum)
    if kinds:
        yield start, end, kinds


def _datum(cells: str, match: re.Match[str]) -> tuple[str, str, int] | None:
    kind = match.lastgroup or ""
    if kind == "mail":
        local = _LOCAL.search(cells, max(0, match.start() - 64), match.start())
        return ("mail", (local[0] + match[0]).lower().rstrip("."), local.start()) if local else None
    if kind == "phone":
        digits = phone(match[0])
        return ("phone", digits, match.start()) if digits else None
    if kind == "foreign":
        digits = western.number(match[0])
        return ("phone", digits, match.start()) if digits else None
    value = match[0]
    start = match.start()
    if kind == "place":
        start = max(0, start - 3)
        value = (
            cells[start : start + 30]
            .split("\n")[-1 if "\n" in cells[start : match.start()] else 0]
            .split(TAB)[0]
        )
    return kind, value, match.start()


def phone(text: str) -> str:
    """The digits of a Japanese telephone number of a person or an office (0…), "" for anything else.

    Fixed lines have ten digits, mobile and IP phones (050, 060, 070, 080, 090) eleven; without separators
    only mobile numbers count. Toll-free numbers (0120, 0800) belong to companies.
    """
    digits = re.sub(r"\D", "", text.replace("(0)", ""))
    if text.startswith("+81"):
        digits = "0" + digits[2:]
    parted = not text[1:-1].isdigit() or text.startswith("+")
    if digits.startswith(("0120", "0800", "0570", "0990")):
        return ""
    if digits[:3] in ("050", "060", "070", "080", "090"):
        return digits if len(digits) == 11 else ""
    return digits if len(digits) == 10 and parted else ""


def _name_column(cells: str, before: int) -> int | None:
    """The column whose heading, above the first row of data, means name; None if there is none."""
    above = cells[max(0, before - 2000) : before].split("\n")[-8:]
    for line in above:
        row = _SPLIT.split(line)
        if len(row) >= 2:
            for index, cell in enumerate(row):
                if kind_of(cell.strip()) == "name":
                    return index
    return None


def _is_cell_name(cell: str) -> bool:
    cell = cell.strip()
    return 1 <= len(cell) <= 40 and not any(c.isdigit() or c in "@/:" for c in cell)


def _named(line: str) -> str:
    """A person's name in a line, "" if there is none."""
    if match := _LABEL.search(line):
        return line[match.end() - 1 : match.end() + 8]
    for match in _RUN.finditer(_FIELD.sub(TAB, line)):
        if name := family_name(match[0]):
            return name
    if match := (_CALLED.search(line) or _LATIN_CELL.search(line)):
        return match[0].strip(" \"'<(:>,;|" + TAB)
    for cell in _SPLIT.split(line):
        if kana_given(cell.strip()):
            return cell.strip()
    return ""


def _above(cells: str, start: int, used: int) -> tuple[str, int]:
    """(a name alone on one of the lines above, where it was); names before `used` are taken."""
    end = start - 1
    for _ in range(ABOVE):
        if end < used or end < 0:
            break
        begin = cells.rfind("\n", 0, end) + 1
        line = cells[begin:end].rstrip("\r")
        if (
            len(line) <= 40
            and ORGANISATION.search(line) is None
            and (_LABEL.search(line) or (_ALONE.match(line) and (_named(line) or _LATIN.search(line))))
        ):
            return line.strip(), end + 1
        end = begin - 1
    return "", used


def _initial(name: str) -> str:
    return name[:1] + "**"


def _shown(datum: str) -> str:
    """A datum of a table as shown in evidence."""
    kind = "mail" if "@" in datum else "phone" if datum.isdigit() and len(datum) >= 9 else ""
    return _masked(kind, datum) if kind else "…"


def _masked(kind: str, value: str) -> str:
    """A datum as shown in evidence."""
    if kind == "mail":
        local, _, domain = value.partition("@")
        return f"{local[:1]}***@{domain[:60]}"
    if kind == "phone":
        return "*" * (len(value) - 4) + value[-4:]
    return "".join("*" if c.isdigit() else c for c in value[:6]) + "…"
