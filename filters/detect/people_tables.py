"""Tables of people, judged by column (OUT-PII): whose table it is, and which rows are somebody's.

A table is one of people where a column holds their names and another one something personal: how to reach them, where they
live, when they were born, what they earn, what they suffer from. What a heading says is believed; where there is none, or
one like "name", the values decide. A list of companies, shops or offices with their main numbers is none, even if it
names who leads them.
"""

import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from itertools import pairwise

import msgspec

from filters.detect.cell_values import (
    ABROAD,
    BANK,
    EMPTY,
    IBAN,
    KANA,
    LOST,
    MAIL,
    POSTAL,
    ROLE,
    SEX,
    is_birth,
    is_company,
    is_mobile,
    is_number,
    is_organisation,
    is_phone,
    is_place,
    is_told,
)
from filters.detect.grid_rows import Grid, TableRow
from filters.detect.headings import PERSONAL, kind_of
from filters.detect.person_names import MAY_BE, SURE, is_family_name, likeness
from filters.detect.told import in_thousands, is_private, is_public, is_said, is_subject
from mail.cached import cached_property

SAMPLE = 60
"""Rows by which a column is judged."""
_ACCOUNT = re.compile(
    r"[0-9](?:[- ]?[0-9]){3}|銀行|信金|信用|農協|金庫|ゆうちょ|普通|当座|bank|^[A-Z]{2}[0-9]{2}",
    re.IGNORECASE,
)
"""What says where money goes: some figures, or a bank."""
_LONG_AGO = re.compile(r"^(?:1[0-8]|[0-9])?[0-9]{2}(?:年|$)|^(?:1[0-8])[0-9]{2}[/.\-]")
"""Years of people in history."""
_OF_A_DAY = re.compile(
    r"発行|発売|刊|出版|初版|公開|放送|撮影|開業|創業|創立|設立|竣工|進水|施行|制定|改正|発表|締切|期限|納品|納期|受注|出荷|入荷|製造|更新|登録|開催|実施|published|issued|released?|founded|since|due|shipped|updated|opened",
    re.IGNORECASE,
)
"""What happens on a day, but not a birth."""
_FAMILY = re.compile(r"(?:苗字|名字|姓|surname|family ?name)s?$", re.IGNORECASE)
"""A column of family names only."""
_BESIDE = re.compile(
    r" ?\([ァ-ヶーぁ-ん ]+\)$|^[^:\n]{1,12}[0-9][^:\n]{0,4}: ?|^(?:[-*・●○■□]|[0-9]{1,3}[.)]) ?"
)
"""How a name is read, behind it; its room or number, in front."""
_COUNTED = re.compile(
    r"(?:no\.?|id|番号|.{1,6}番号|コード|.{0,6}日|更新.*|担当.*|備考|住所録)$", re.IGNORECASE
)
"""Headings of what says nothing of whose row it is."""
_SCHOOL = re.compile(
    r"^(?:在学|在籍|出身)?(?:学校|大学|高校|中学)(?:名|・学部)?$|^(?:school|university|college)",
    re.IGNORECASE,
)
"""Where somebody learns or has learnt."""
_TELLING = re.compile(
    r"[0-9@市区町村郡行庫金合協う普当歳才給癌が妊フ発肺喘骨糖高]|(?i:str|rue|calle|via|avenida|plaza|laan|weg|age|salary|years old)"
)
"""What stands in each cell that says something by itself, but for kana and the sex."""
_REACHED = ("mail", "phone", "address")
_WEAK = ("age", "sex")


class ListedPerson(msgspec.Struct, frozen=True):
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

    people: tuple[ListedPerson, ...] = ()
    organisations: bool = False


def judged(grid: Grid, most: int, title: Callable[[], str] = str) -> Judged:
    """Whose table this is; `title` says what stands above it, and what the mail or the file is called."""
    if len(grid.rows) < 2 and not grid.exact:
        return Judged()
    table = _Table(grid, title)
    if (table.names or table.nameless) and table.data:
        return Judged(tuple(table.people(most)))
    return Judged(organisations=table.organisations)


class _Table:
    """A table with its columns judged."""

    def __init__(self, grid: Grid, title: Callable[[], str]) -> None:
        self._grid = grid
        self._title_above = title
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
            kind == "organisation" or (kind not in _REACHED and self._share(n, is_company) >= 0.5)
            for n, kind in enumerate(kinds)
        )
        self.data = self._data(kinds) or (self._told(kinds) if self.names and not self.organisations else {})
        told = {
            k
            for n, k in self.data.items()
            if k in ("mail", "birth") or (k == "phone" and self._share(n, is_mobile) >= 0.5)
        }
        lives = "birth" in told and "address" in self.data.values()
        self.nameless = not self.names and not self.organisations and (len(told) >= 2 or lives)

    def _sample(self, column: int) -> list[str]:
        cells = (row.cells[column] for row in self._grid.rows[: 3 * SAMPLE] if column < len(row.cells))
        return [cell for cell in cells if not EMPTY.match(cell)][:SAMPLE]

    def _share(self, column: int, test: Callable[[str], object]) -> float:
        values = self._columns[column]
        return sum(map(bool, map(test, values))) / len(values) if values else 0.0

    def _held(self, column: int, *, headed: bool) -> str:
        """The kind of a column: what its heading says, unless its values say otherwise; else what they are."""
        kind, share = self._kinds[column], self._share
        if kind == "mail":
            return kind if share(column, MAIL.match) >= 0.3 else ""
        if kind == "phone":
            if share(column, lambda v: is_phone(v, lost=True)) >= 0.3:
                return kind
            return "address" if share(column, is_place) >= 0.6 else ""
        if kind == "address":
            dull = share(column, lambda v: is_place(v) or POSTAL.match(v) or len(v) >= 2) < 0.3
            return "" if dull or share(column, MAIL.match) >= 0.5 else kind
        if kind == "birth" and share(column, _LONG_AGO.match) >= 0.5:
            return ""
        if kind == "birth":
            return kind if share(column, lambda v: any(c.isdigit() for c in v)) >= 0.5 else ""
        if kind == "account" and share(column, _ACCOUNT.search) < 0.5:
            return ""  # 記号, 番号: of an element, of a seat
        if kind == "salary":
            return kind
        if kind in ("", "other") and self._columns[column]:
            return self._by_values(column, headed=bool(self._head(column)))
        return kind

    def _by_values(self, column: int, *, headed: bool) -> str:
        share, values = self._share, self._columns[column]
        if not _TELLING.search("\n".join(values)):
            if not headed and share(column, KANA.match) >= 0.8 and len(set(values)) * 10 >= 8 * len(values):
                return "kana"
            return "sex" if not headed and share(column, SEX.match) >= 0.9 else ""
        if share(column, MAIL.match) >= 0.6:
            return "mail"
        if share(column, is_phone) >= 0.6:
            return "phone"
        if share(column, ABROAD.match) >= 0.8 and len({v[:4] for v in values}) > 1:
            return "phone"
        if share(column, IBAN.match) >= 0.8:
            return "account"
        if share(column, LOST.match) >= 0.8 and len({v[:2] for v in values}) > 1:
            return "phone"
        if share(column, is_place) >= 0.6 or share(column, POSTAL.match) >= 0.8:
            return "address"
        born = not headed and share(column, is_birth) >= 0.8 and len(set(values)) > 1
        if born and not self._is_said_otherwise(column):
            return "birth"
        if share(column, lambda v: MAIL.match(v) or is_phone(v) or is_place(v)) >= 0.7:
            return "address"
        if share(column, BANK.search) >= 0.8:
            return "account"
        if not headed and share(column, KANA.match) >= 0.8 and len(set(values)) * 10 >= 8 * len(values):
            return "kana"
        if not headed and share(column, is_told) >= 0.8:
            return "private"
        if not headed and share(column, SEX.match) >= 0.9:
            return "sex"
        return ""

    def _is_said_otherwise(self, column: int) -> bool:
        """True where a word beside each date says what it is the date of: 発行, 開業 …"""
        for beside in (column - 1, column + 1):
            words = self._columns[beside] if 0 <= beside < self._width else []
            if len(words) >= 3 and len(set(words)) == 1 and _OF_A_DAY.match(words[0]):
                return True
        return False

    def _names(self, kinds: Sequence[str], *, strict: bool, headed: bool) -> list[int]:
        """Columns of people's names."""
        sure = [
            n
            for n, kind in enumerate(kinds)
            if kind == "name"
            and self._columns[n]
            and self._share(n, is_organisation) < 0.5
            and not self._repeats_organisation(n, kinds)
        ]
        if sure:
            return [n for n in sure if self._share(n, lambda v: not is_number(v)) >= 0.5]
        if kana := [n for n, kind in enumerate(kinds) if kind == "kana" and self._kinds[n] == "kana"]:
            return kana
        for n, kind in enumerate(kinds):
            if kind in ("called", "public") and self._are_names(n, 0.3 if strict else 0.0):
                return [n]
        for n, kind in enumerate(kinds):
            if kind in ("", "officer") and self._are_names(n, 0.5 if headed and self._kinds[n] else 0.3):
                return [n]
        return [
            n
            for n, kind in enumerate(kinds)
            if not kind and not headed and self._share(n, is_family_name) >= 0.5
        ][:1]

    def _repeats_organisation(self, column: int, kinds: Sequence[str]) -> bool:
        """True for a column that says again what the one of the organisations says: cards of offices."""
        others = [n for n, kind in enumerate(kinds) if kind == "organisation"]
        rows = [row.cells for row in self._grid.rows[:SAMPLE] if column < len(row.cells)]
        same = sum(any(n < len(c) and c[n] == c[column] != "" for n in others) for c in rows)
        return bool(others) and same * 2 > len(rows)

    def _are_names(self, column: int, sure: float) -> bool:
        values = self._columns[column]
        if not values:
            return False
        graded = Counter(likeness(_BESIDE.sub("", value[:60])) for value in values)
        different = len(set(values)) / len(values)
        return (
            graded[SURE] >= sure * len(values)
            and graded[SURE] + graded[MAY_BE] >= 0.6 * len(values)
            and (different >= (0.4 if sure else 0.15) or len(values) < 4)
        )

    def _data(self, kinds: Sequence[str]) -> dict[int, str]:
        """Columns that say something of the people in the table, with what."""
        found = {
            n: k
            for n, k in enumerate(kinds)
            if k in PERSONAL or k in _REACHED or (k == "kana" and n not in self.names)
        }
        if set(found.values()) == {"kana"} and all(
            _FAMILY.match(self._head(n)) or self._share(n, is_family_name) >= 0.8 for n in self.names
        ):
            found = {}  # family names and how they are read are nobody's
        schooled = {
            n
            for n in range(self._width)
            if _SCHOOL.search(self._head(n)) and self._columns[n] and n not in self.names
        }
        if not found and any(kinds[n] == "name" for n in self.names):
            found = {n: "private" for n in schooled if "age" in kinds}
        if not found and sum(k in _WEAK for k in kinds) >= 2:
            found = {n: k for n, k in enumerate(kinds) if k in _WEAK}
        if any(self._kinds[n] == "public" for n in self.names):  # figures of players are in the papers
            found = {n: k for n, k in found.items() if k in _REACHED}
        if self.organisations:
            leads = any(self._kinds[n] == "officer" for n in self.names)
            for n in [n for n, k in found.items() if k in ("phone", "address", "kana", "private", "account")]:
                home = "自宅" in self._head(n) or "home" in self._head(n).lower() or "個人" in self._head(n)
                mobile = found[n] == "phone" and self._share(n, is_mobile) >= 0.6
                explicit = any(self._kinds[m] == "name" for m in self.names)
                if not home and not mobile and (leads or not explicit):
                    del found[n]
        return found

    @cached_property
    def _title(self) -> str:
        """Where no heading is known they are the title, read as headings of what stands below it."""
        return (
            self._title_above()
            if any(self._kinds)
            else f"{self._title_above()}\n{' '.join(self._grid.heads)}"
        )

    def _told(self, kinds: Sequence[str]) -> dict[int, str]:
        """Columns that say something of the people in a table of which nothing else is known: by themselves, or because the title
        or the heading of their names says what they are."""
        headed = any(kinds[n] == "name" for n in self.names)
        rest = [
            n
            for n in range(self._width)
            if n not in self.names and kinds[n] != "organisation" and self._columns[n]
        ]
        family = all(_FAMILY.match(self._head(n)) for n in self.names)
        if (
            not rest
            or family
            or is_public(self._title)
            or any(self._kinds[n] in ("public", "officer") for n in self.names)
        ):
            return {}
        names = [v for n in self.names for v in self._columns[n]]
        sure = sum(likeness(_BESIDE.sub("", v[:60])) == SURE for v in names)
        if not headed and sure * 3 < len(names):
            return {}
        if said := [n for n in rest if self._share(n, is_said) >= 0.6]:
            return dict.fromkeys(said, "private")
        entitled = is_private(self._title) or (headed and in_thousands(" ".join(self._grid.heads)))
        if entitled or (headed and any(is_subject(self._head(n)) for n in self.names)):
            telling = [n for n in rest if not _COUNTED.match(self._head(n)) and self._tells(n)]
            if telling and (entitled or any(len(set(self._columns[n])) > 1 for n in telling)):
                return dict.fromkeys(telling, "private")
        return {}

    def _tells(self, column: int) -> bool:
        """True for values that may be marks, sums or a few words, and not the rows' own numbers."""
        values = self._columns[column]
        counted = [v for v in values if v.isdigit()]
        in_turn = len(counted) == len(values) > 2 and all(int(b) - int(a) == 1 for a, b in pairwise(counted))
        return not in_turn and sum(len(v) <= 40 for v in values) * 10 >= 8 * len(values)

    def _head(self, column: int) -> str:
        return self._grid.heads[column] if column < len(self._grid.heads) else ""

    def people(self, most: int) -> Iterator[ListedPerson]:
        seen: set[str] = set()
        for row in self._grid.rows:
            if (found := self._person(row)) and found.key not in seen:
                seen.add(found.key)
                yield found
                if len(seen) >= most:
                    return

    def _person(self, row: TableRow) -> ListedPerson | None:
        cells = row.cells
        name = "*" if self.nameless else " ".join(cells[n] for n in self.names if n < len(cells)).strip()
        if (
            not name
            or (not self.nameless and EMPTY.match(name))
            or is_number(name)
            or is_organisation(name)
            or "@" in name
        ):
            return None
        best, mail, private = "", "", False
        for n, kind in self.data.items():
            value = cells[n] if n < len(cells) else ""
            if EMPTY.match(value):
                continue
            if kind == "mail":
                mail = m[1].lower() if (m := MAIL.match(value)) else ""
            elif kind == "phone":
                best = best or re.sub(r"\D", "", value)
            else:
                best = best or re.sub(r"\s", "", f"{name}{value}")
                private = private or kind in PERSONAL or kind == "address"
        key = mail or best
        if not key or (mail and not best and ROLE.match(mail) and likeness(name) != SURE):
            return None
        return ListedPerson(key, name, mail or best, mail, private, row.start)


__all__ = ["Judged", "ListedPerson", "judged"]
