"""Numbers that identify a person, found by check digits, where they have any, and words nearby (OUT-PII).

My Numbers and cards are in filters/detect/numbers.py. What is here needs its keyword: seven digits are an
account number after 口座番号 and nothing elsewhere. Those of other countries are in filters/detect/national_numbers.py.
"""

import re

from filters.detect.datum import MOST, Datum, Kind
from filters.detect.national_numbers import ABROAD
from filters.detect.numbers import corporate_number, driver_licence, insurer


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
    *ABROAD,
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
