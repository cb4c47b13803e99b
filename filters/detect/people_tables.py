"""Tables of people, judged by column (OUT-PII): whose table it is, and which rows are somebody's.

A table is one of people where a column holds their names and another one something personal: how to reach them, where they
live, when they were born, what they earn, what they suffer from. What a heading says is believed; where there is none, or
one like "name", the values decide. A list of companies, shops or offices with their main numbers is none, even if it
names who leads them.
"""

import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence

import msgspec

from filters.detect import western
from filters.detect.grids import Grid, Row
from filters.detect.headings import PERSONAL, kind_of
from filters.detect.person_names import MAY_BE, ORGANISATION, SURE, is_family_name, likeness

SAMPLE = 60
"""Rows by which a column is judged."""
_MAIL = re.compile(r"^<?(?:mailto:)?([A-Za-z0-9._%+'\-]{1,64}@[A-Za-z0-9.\-]{1,190}\.[A-Za-z]{2,24})>?$")
_PHONE = re.compile(
    r"^(?:tel|t|m|携帯|電話)?[:. ]{0,2}(\(?\+?[0-9][0-9() .\-–/]{7,19}[0-9])(?: ?(?:x|ext|内線)\.? ?[0-9]{1,5})?$",
    re.IGNORECASE,
)
_LOST = re.compile(r"^[789]0[0-9]{8}(?:\.0)?$")
_LOST_ANY = re.compile(r"^[1-9][0-9]{8,9}(?:\.0)?$")
_FREE = re.compile(r"^(?:0120|0800|0570|0088|1-?8(?:00|88|77|66))")
_POSTAL = re.compile(r"^〒? ?[0-9]{3}-[0-9]{4}$")
_PLACE = re.compile(
    r"^(?:〒? ?[0-9]{3}-?[0-9]{4} ?)?(?:.{2,3}[都道府県])?[^0-9,]{1,14}[市区町村郡][^\n]{0,60}?(?:[0-9]|[一二三四五六七八九十]+(?:丁目|番))"
    r"|^(?:東京都|北海道|(?:京都|大阪)府|.{2,3}県).{0,12}[市区町村郡]"
)
_BIRTH = re.compile(
    r"^(?:(?:明治|大正|昭和|平成|令和|[MTSHR]\.?) ?(?:[0-9]{1,2}|元)[年./\-] ?[0-9]{1,2}[月./\-] ?[0-9]{1,2}日?"
    r"|(?P<year>19[0-9]{2}|20[0-4][0-9])(?:[年./\-] ?[0-9]{1,2}[月./\-] ?[0-9]{1,2}日?|[01][0-9][0-3][0-9])(?:[T ][0-9:.Z]+)?"
    r"|[0-9]{1,2}[./\- ](?:[0-9]{1,2}|[A-Za-z]{3,9})[./\- ,]{1,2}(?P<last>19[0-9]{2}|20[0-4][0-9]))$"
)
_BANK = re.compile(r"(?:銀行|信用金庫|信金|信用組合|農協|労働金庫|ゆうちょ)$|^(?:普通|当座)$")
_KANA = re.compile(r"^[ァ-ヶー][ァ-ヶー ・]{2,18}$")
_SEX = re.compile(r"^(?:男|女|男性|女性|[MF]|[mf]ale|[MF]ale|その他)$")
_EMPTY = re.compile(r"^(?:|-+|ー|―|なし|無|該当なし|n/?a|null|none|nil|不明|未定|\*+)$", re.IGNORECASE)
_ROLE = re.compile(
    r"^(?:info|contact|support|sales|office|admin|desk|help|service|order|recruit|saiyo|soumu|eigyo|keiri|team|group|pr|press|inquiry|mail|web|shop|store|hotel"
    r"|no-?reply)[a-z]*[._+\-]?[a-z]*[0-9]*@",
    re.IGNORECASE,
)
_STREET = re.compile(
    r"^[0-9]{1,5}[A-Za-z]?,? (?:[A-Z][\w'’.]*\.? ){0,4}[A-Z][\w'’.]+|(?i:\b(?:straße|strasse|str\.|rue|calle|via|avenida|plaza|laan|straat|weg)\b)|[0-9]{5}(?:-[0-9]{4})? [A-Z]|[A-Z]{2} [0-9]{5}$"
)
_REACHED = ("mail", "phone", "address")
_WEAK = ("age", "sex")


class Found(msgspec.Struct, frozen=True):
    """A person in a table: what tells them from others, the name, what of them stands there. `reach` and `private`: whether
    that is how to reach them, or more."""

    key: str
    name: str
    datum: str
    mail: str
    private: bool
    offset: int


class Judged(msgspec.Struct, frozen=True):
    """What a table is: its people, or what stands in it of organisations; () for both where it is neither."""

    people: tuple[Found, ...] = ()
    organisations: bool = False


def judged(grid: Grid, most: int) -> Judged:
    """Whose table this is."""
    if len(grid.rows) < 2 and not grid.exact:
        return Judged()
    table = _Table(grid)
    if table.names and table.data:
        return Judged(tuple(table.people(most)))
    return Judged(organisations=table.organisations)


class _Table:
    """A table with its columns judged."""

    def __init__(self, grid: Grid) -> None:
        self._grid = grid
        widths = Counter(len(row.cells) for row in grid.rows[:SAMPLE])
        self._width = max(widths, default=0)
        self._kinds = [kind_of(h) for h in grid.heads[: self._width]]
        self._kinds += [""] * (self._width - len(self._kinds))
        self._columns = [self._sample(n) for n in range(self._width)]
        headed = any(self._kinds)
        kinds = [self._held(n, headed=headed) for n in range(self._width)]
        self._held_kinds = kinds
        personal = any(k in PERSONAL or k in ("sex", "age") for k in kinds)
        strict = not personal
        self.names = self._names(kinds, strict=strict, headed=headed)
        self.organisations = any(k in _REACHED for k in kinds) and any(
            kind == "organisation" or (kind not in _REACHED and self._share(n, _is_company) >= 0.5)
            for n, kind in enumerate(kinds)
        )
        self.data = self._data(kinds)

    def _sample(self, column: int) -> list[str]:
        cells = (row.cells[column] for row in self._grid.rows[: 3 * SAMPLE] if column < len(row.cells))
        return [cell for cell in cells if not _EMPTY.match(cell)][:SAMPLE]

    def _share(self, column: int, test: Callable[[str], object]) -> float:
        values = self._columns[column]
        return sum(bool(test(value)) for value in values) / len(values) if values else 0.0

    def _held(self, column: int, *, headed: bool) -> str:
        """The kind of a column: what its heading says, unless its values say otherwise; else what they are."""
        kind, share = self._kinds[column], self._share
        if kind == "mail":
            return kind if share(column, _MAIL.match) >= 0.3 else ""
        if kind == "phone":
            return kind if share(column, lambda v: _phone(v, lost=True)) >= 0.3 else ""
        if kind == "address":
            dull = share(column, lambda v: _is_place(v) or _POSTAL.match(v) or len(v) >= 2) < 0.3
            return "" if dull or share(column, _MAIL.match) >= 0.5 else kind
        if kind == "birth":
            return kind if share(column, lambda v: any(c.isdigit() for c in v)) >= 0.5 else ""
        if kind == "salary":
            return kind
        if kind in ("", "other") and self._columns[column]:
            return self._by_values(column, headed=bool(kind))
        return kind

    def _by_values(self, column: int, *, headed: bool) -> str:
        share, values = self._share, self._columns[column]
        if share(column, _MAIL.match) >= 0.6:
            return "mail"
        if share(column, _phone) >= 0.6:
            return "phone"
        if share(column, _LOST.match) >= 0.8 and len({v[:2] for v in values}) > 1:
            return "phone"
        if share(column, _is_place) >= 0.6 or share(column, _POSTAL.match) >= 0.8:
            return "address"
        if not headed and share(column, _born) >= 0.8 and len(set(values)) > 1:
            return "birth"
        if share(column, lambda v: _MAIL.match(v) or _phone(v) or _is_place(v)) >= 0.7:
            return "address"
        if share(column, _BANK.search) >= 0.8:
            return "account"
        if not headed and share(column, _KANA.match) >= 0.8 and len(set(values)) * 10 >= 8 * len(values):
            return "kana"
        if not headed and share(column, _SEX.match) >= 0.9:
            return "sex"
        return ""

    def _names(self, kinds: Sequence[str], *, strict: bool, headed: bool) -> list[int]:
        """Columns of people's names."""
        sure = [
            n for n, kind in enumerate(kinds) if kind == "name" and self._share(n, _is_organisation) < 0.5
        ]
        if sure:
            return [n for n in sure if self._share(n, lambda v: not _is_number(v)) >= 0.5]
        for n, kind in enumerate(kinds):
            if kind == "called" and self._are_names(n, 0.3 if strict else 0.0):
                return [n]
        for n, kind in enumerate(kinds):
            if kind in ("", "officer") and self._are_names(n, 0.5 if headed and self._kinds[n] else 0.3):
                return [n]
        return [
            n
            for n, kind in enumerate(kinds)
            if not kind and not headed and self._share(n, is_family_name) >= 0.5
        ][:1]

    def _are_names(self, column: int, sure: float) -> bool:
        values = self._columns[column]
        if not values:
            return False
        graded = Counter(likeness(value) for value in values)
        different = len(set(values)) / len(values)
        return (
            graded[SURE] >= sure * len(values)
            and graded[SURE] + graded[MAY_BE] >= 0.6 * len(values)
            and (different >= (0.4 if sure else 0.15) or len(values) < 4)
        )

    def _data(self, kinds: Sequence[str]) -> dict[int, str]:
        """Columns that say something of the people in the table, with what."""
        found = {n: k for n, k in enumerate(kinds) if k in PERSONAL or k in _REACHED or k == "kana"}
        if not found and sum(k in _WEAK for k in kinds) >= 2:
            found = {n: k for n, k in enumerate(kinds) if k in _WEAK}
        if self.organisations:
            leads = any(self._kinds[n] == "officer" for n in self.names)
            for n in [n for n, k in found.items() if k in ("phone", "address", "kana", "private", "account")]:
                home = "自宅" in self._head(n) or "home" in self._head(n).lower() or "個人" in self._head(n)
                mobile = found[n] == "phone" and self._share(n, _is_mobile) >= 0.6
                explicit = any(self._kinds[m] == "name" for m in self.names)
                if not home and not mobile and (leads or not explicit):
                    del found[n]
        return found

    def _head(self, column: int) -> str:
        return self._grid.heads[column] if column < len(self._grid.heads) else ""

    def people(self, most: int) -> Iterator[Found]:
        seen: set[str] = set()
        for row in self._grid.rows:
            if (found := self._person(row)) and found.key not in seen:
                seen.add(found.key)
                yield found
                if len(seen) >= most:
                    return

    def _person(self, row: Row) -> Found | None:
        cells = row.cells
        name = " ".join(cells[n] for n in self.names if n < len(cells)).strip()
        if not name or _EMPTY.match(name) or _is_number(name) or _is_organisation(name) or "@" in name:
            return None
        best, mail, private = "", "", False
        for n, kind in self.data.items():
            value = cells[n] if n < len(cells) else ""
            if _EMPTY.match(value):
                continue
            if kind == "mail":
                mail = m[1].lower() if (m := _MAIL.match(value)) else ""
            elif kind == "phone":
                best = best or re.sub(r"\D", "", value)
            else:
                best = best or re.sub(r"\s", "", f"{name}{value}")
                private = private or kind in PERSONAL or kind == "address"
        key = mail or best
        if not key or (mail and not best and _ROLE.match(mail) and likeness(name) != SURE):
            return None
        return Found(key, name, mail or best, mail, private, row.start)


def _is_number(value: str) -> bool:
    return sum(c.isdigit() for c in value) * 2 > len(value)


def _is_organisation(value: str) -> bool:
    return ORGANISATION.search(value) is not None


def _is_company(value: str) -> bool:
    return _is_organisation(value) and not _is_place(value)


def _is_mobile(value: str) -> bool:
    digits = re.sub(r"\D", "", value)
    return digits.startswith(("070", "080", "090", "8170", "8180", "8190")) or _LOST.match(digits) is not None


def _phone(value: str, *, lost: bool = False) -> bool:
    if lost and _LOST_ANY.match(value):
        return True
    match = _PHONE.match(value)
    if match is None or _FREE.match(value):
        return False
    digits = re.sub(r"\D", "", match[1])
    if digits.startswith("0"):
        return len(digits) in (10, 11) and not digits.startswith("00")
    if match[1].startswith("+"):
        return 8 <= len(digits) <= 15
    return (
        western.number(match[1]) != ""
        and not match[1].isdigit()
        and re.search("[ ().-]", match[1]) is not None
    )


def _is_place(value: str) -> bool:
    return len(value) >= 4 and (_PLACE.search(value) is not None or _STREET.search(value) is not None)


def _born(value: str) -> bool:
    """A date on which somebody who works today may have been born."""
    match = _BIRTH.match(value)
    if match is None:
        return False
    year = match["year"] or match["last"]
    return not value.startswith(("令和", "R", "明治", "M")) and (year is None or 1925 <= int(year) <= 2015)


__all__ = ["Found", "Judged", "judged"]
