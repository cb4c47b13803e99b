"""Numbers that identify a person, found by check digits, where they have any, and words nearby (OUT-PII).

My Numbers and cards are in filters/detect/numbers.py. What is here needs its keyword: seven digits are an
account number after 口座番号 and nothing elsewhere.
"""

import re
from collections.abc import Callable, Iterator

import msgspec

from filters.detect.numbers import corporate_number, driver_licence, insurer

MOST = 200
"""Most data counted in one text; more would add nothing."""


class Datum(msgspec.Struct, frozen=True):
    """One personal datum: its kind, the characters that identify it, its offset in the folded text."""

    kind: str
    value: str
    offset: int


class Kind(msgspec.Struct, frozen=True):
    """How one kind is recognised: `value` at most `near` characters from `keyword`, and `valid`.

    `firsts` are literals of which one occurs in every keyword (the prefilter asks for them). `behind`: the
    value must follow the keyword.
    """

    name: str
    firsts: tuple[str, ...]
    keyword: re.Pattern[str]
    value: re.Pattern[str]
    near: int
    valid: Callable[[str], bool] = bool
    behind: bool = False

    def found(self, flat: str) -> Iterator[Datum]:
        """The data of this kind in a folded text, without duplicates."""
        done = 0
        for keyword in self.keyword.finditer(flat):
            start = max(done, keyword.end() if self.behind else keyword.start() - self.near)
            end = keyword.end() + self.near
            for match in self.value.finditer(flat, start, end):
                value = match.groupdict().get("value") or match[0]
                value = re.sub(r"[^0-9a-z]", "", value)
                if match.end() <= end and self.valid(value):
                    yield Datum(self.name, value, match.start())
                done = max(done, match.end())


def _date(value: str) -> bool:
    return len(value) >= 4


_DATE = (
    r"(?:明治|大正|昭和|平成|令和|[mtshr]\.?)\s?(?:[0-9]{1,2}|元)[年./\-]\s?[0-9]{1,2}[月./\-]\s?[0-9]{1,2}"
    r"|(?:19|20)[0-9]{2}\s?[年./\-]\s?[0-9]{1,2}\s?[月./\-]\s?[0-9]{1,2}|(?<![0-9])(?:19|20)[0-9]{2}[01][0-9][0-3][0-9](?![0-9])"
    r"|(?<![0-9])[0-9]{1,2}[./\-][0-9]{1,2}[./\-](?:19|20)[0-9]{2}(?![0-9])"
)

KINDS: tuple[Kind, ...] = (
    Kind(
        "driver_licence",
        ("免許", "licence", "license"),
        re.compile(r"運転免許|免許証|免許番号|driver'?s?'? ?licen[cs]e"),
        re.compile(r"(?<![0-9\-])[0-9]{12}(?![0-9\-])|(?<![0-9\-])[0-9]{4}(?P<gap>[ \-])[0-9]{4}(?P=gap)[0-9]{4}(?![0-9\-])"),
        100,
        driver_licence,
    ),
    Kind(
        "passport",
        ("旅券", "パスポート", "passport"),
        re.compile(r"旅券|パスポート|passport"),
        re.compile(r"(?<![a-z0-9])[a-z]{2} ?[0-9]{7}(?![0-9a-z])"),
        60,
    ),
    Kind(
        "health_insurance",
        ("保険者番号", "保険証", "被保険者", "health insurance"),
        re.compile(r"(?<!被)保険者番号|health insurance (?:card )?(?:no\.?|number)"),
        re.compile(r"(?<![0-9\-])(?:[0-9]{8}|[0-9]{6})(?![0-9\-])"),
        30,
        insurer,
        behind=True,
    ),
    Kind(
        "health_insurance",
        ("保険者番号", "保険証", "被保険者", "health insurance"),
        re.compile(r"被?保険(?:者証|証|者番号)|被保険者"),
        re.compile(r"記号[^0-9\n]{0,4}(?P<value>[0-9][0-9\-]{0,8})[^0-9\n]{0,6}番号[^0-9\n]{0,4}[0-9]{1,8}"),
        80,
    ),
    Kind(
        "pension",
        ("年金", "pension"),
        re.compile(r"(?:基礎)?年金(?:番号|手帳)|pension (?:book )?(?:no\.?|number)"),
        re.compile(r"(?<![0-9\-])[0-9]{4}[ \-]?[0-9]{6}(?![0-9\-])"),
        30,
        behind=True,
    ),
    Kind(
        "bank_account",
        ("普通", "当座", "口座番号", "account n"),
        re.compile(r"(?:普通|当座)(?:預金|口座)?|口座番号|(?:bank )?account (?:no\.?|number)"),
        re.compile(r"(?<![0-9\-])[0-9]{7}(?![0-9\-])"),
        16,
        behind=True,
    ),
    Kind(
        "birth_date",
        ("生年月日", "誕生日", "birth", "d.o.b"),
        re.compile(r"生年月日|誕生日|date of birth|birth ?(?:date|day)|\bd\.o\.b"),
        re.compile(_DATE),
        20,
        _date,
        behind=True,
    ),
    Kind(
        "corporate_number",
        ("法人番号", "corporate number", "適格請求書", "登録番号"),
        re.compile(r"法人番号|corporate number|登録番号"),
        re.compile(r"(?<![0-9\-])t?(?P<value>[0-9]{13})(?![0-9\-])|(?<![0-9\-])[0-9](?P<gap>[ \-])[0-9]{4}(?P=gap)[0-9]{4}(?P=gap)[0-9]{4}(?![0-9\-])"),
        300,
        corporate_number,
    ),
)  # fmt: skip


def identifiers(flat: str, present: frozenset[str]) -> tuple[Datum, ...]:
    """The data in a folded text of the kinds whose literals are `present`, by offset; each value once."""
    found: dict[tuple[str, str], Datum] = {}
    for kind in KINDS:
        if kind.name in present:
            for datum in kind.found(flat):
                found.setdefault((datum.kind, datum.value), datum)
                if len(found) >= MOST:
                    break
    return tuple(sorted(found.values(), key=lambda d: d.offset))
