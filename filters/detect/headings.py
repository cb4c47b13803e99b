"""What the heading of a column, or the label of a field, says that stands below or behind it (config/lists/headings.toml)."""

import re
from collections.abc import Iterator
from functools import lru_cache

import re2

from config import lists
from filters.detect.text import line_starts
from filters.detect.transfers import HEADER

_LISTS: dict[str, dict[str, list[str]]] = lists.table("headings")
_WHOLE = {word: kind for kind, said in reversed(_LISTS.items()) for word in said.get("is", ())}
_PARTS = [
    (kind, re2.compile("|".join(map(re2.escape, said["has"]))))
    for kind, said in _LISTS.items()
    if "has" in said
]
_ANY_PART = re2.compile("|".join(part.pattern for _, part in _PARTS))
"""One search instead of one for each kind, for the many lines that are no headings."""
_LONGEST = 30
_BRACKETS = re.compile(r"[(\[<《〈【「].{0,20}?[)\]>》〉】」]")
_DROP = re.compile(r"[\s_\-–:：*※\"'`.#/・●■□◆◇○★☆▼▲]+|^[0-9]{1,2}[.)]")
_POLITE = re.compile(r"^(?:ご|お|御|the)(?=[^a-z]|$)|(?:欄|記入|入力|必須)$")

_SOMEBODY = re.compile(r"^[一-龥]{1,6}(?<!業)(?<!事業)(?:者|主|員|人)名?$")
"""債務者名, 飼主: what somebody is called for what they do."""

_SHORTENED = re.compile(r"^[a-z]{2,12}nm$")
"""USER_NM, cust_nm: names of columns in databases."""

PERSONAL = frozenset({"birth", "salary", "health", "account", "private", "identity"})
"""What only people have, or what says more of them than how to reach them."""


@lru_cache(maxsize=4096)
def kind_of(heading: str) -> str:
    """The kind of a heading, a key of the list: "name", "birth" …; "" for one that says nothing, or is none."""
    if not heading or len(heading) > 2 * _LONGEST:
        return ""
    heading = heading.partition(";")[0]
    plain = (
        _DROP.sub("", _BRACKETS.sub("", heading)).lower()
        or _DROP.sub("", heading).strip("()[]【】「」<>").lower()
    )
    plain = _POLITE.sub("", plain)
    if not plain or len(plain) > _LONGEST or plain.isdigit():
        return ""
    if kind := _WHOLE.get(plain):
        return kind
    if _SHORTENED.search(plain):
        plain = f"{plain[:-2]}name"
        if kind := _WHOLE.get(plain):
            return kind
    found = ""
    if _ANY_PART.search(plain):
        found = next(kind for kind, part in _PARTS if part.search(plain))
    somebody = (
        found in ("", "private") and _SOMEBODY.search(plain) and not plain.startswith(("保護者", "配偶者"))
    )
    return "called" if somebody else found


_LEFT_OUT = (b" \t\v\f\r\x1c\x1d\x1e\x1f_-*'\"`.#/", tuple(c.encode() for c in "–※・●■□◆◇○★☆▼▲"))
"""What `kind_of` leaves out wherever it stands, but the colon: ASCII, and the others."""


def _spelt(key: str) -> str:
    words = {_DROP.sub("", word).lower() for said in _LISTS.values() for word in said.get(key, ())}
    return "|".join(map(re.escape, sorted(words)))


_WITHIN = rf"[^\n:=]*?(?:{_spelt('has')})"
_ALONE = (
    r"(?:[^\pL\n]|ご|お|御|the)*"
    rf"(?:{_spelt('is')}|[一-龥]{{1,6}}[者主員人]名?|[a-z]{{2,12}}nm)(?:欄|記入|入力|必須)?"
)
_memory = re2.Options()
_memory.max_mem = 64 << 20  # with less it falls back to what takes twenty times as long
_HEADED = re2.compile(rf"(?im)^(?:{_WITHIN}|{_ALONE}(?:[^\pL\pN]|$))".encode(), _memory)
_LABELLED = re2.compile(
    rf"(?im)^(?:{_WITHIN}|{_ALONE}(?:[^\pL\pN:=\]】][^\n]*?)?)[^\n:=]*?[:=\]】]".encode(), _memory
)


def headed(cells: str, *, label: bool) -> Iterator[tuple[int, int]]:
    """(start, end) of the lines of a folded text of which `kind_of` may say something: as a whole, or (`label`) of what
    stands in front of a colon or bracket. One search of RE2; nothing is done in Python for the other lines."""
    expression = _LABELLED if label else _HEADED
    numbers = set(_numbers(cells, expression))
    if bare := _BRACKETS.sub("", cells):
        numbers.update(_numbers(bare, expression))
    if numbers:
        starts = line_starts(cells)
        for number in sorted(numbers):
            yield starts[number], starts[number + 1] - 1


def _numbers(cells: str, expression: "re2._Regexp[bytes]") -> Iterator[int]:
    """The numbers of the lines that an expression finds in what `kind_of` looks at."""
    plain = cells.encode("utf-8", "replace").translate(None, _LEFT_OUT[0])
    for each in _LEFT_OUT[1]:
        plain = plain.replace(each, b"")
    number = at = 0
    for match in expression.finditer(plain):
        number += plain.count(b"\n", at, match.start())
        at = match.start()
        yield number


def _words(*kinds: str) -> str:
    """RE2 for what stands in these lists, parts and whole headings of two characters and more; short wholes alone."""
    parts = {w.lower() for k in kinds for w in _LISTS[k].get("has", ())}
    whole = {w.lower() for k in kinds for w in _LISTS[k].get("is", ()) if len(w) >= 2} - parts
    short = {w for w in whole if w.isascii() and len(w) <= 6}
    return "|".join([*map(re.escape, sorted((parts | whole) - short)), rf"\b(?:{'|'.join(sorted(short))})\b"])


def _alone(*kinds: str) -> str:
    return "|".join(re.escape(w) for k in kinds for w in _LISTS[k]["is"])


_NAME = rf"(?im)^[ \t\x1f>【\[\"]*(?:お|ご)?(?:{_alone('name', 'called')})"
NAMED = re2.compile(rf"{_NAME}[】\]\"]*[ \t\x1f\r]*$")
"""A line that is nothing but the heading of a column of names."""
TITLED = re2.compile(rf"{_NAME}[】\]\":]*[ \t\x1f\r]*$")
"""The same, also with the colon of a label."""
NAME_LABEL = re2.compile(rf"(?i)(?:{_words('name', 'called')})[^\n:=,、;{{}}|]{{0,20}}[:=]")
"""A label of names before its value."""
_FRONT, _BACK = r"(?:^|  |[\n\t—–,;|\"'`<\[【(・])", r"(?:[ \])】\"'`>*:]{0,3}(?:[\n\t,;|:=\r]|$)|[\]】>]|  )"
FIELDS = {
    "name field": _FRONT
    + r"[ ]{0,3}(?:[a-z_ \-]{0,20}(?:"
    + "|".join(w.lower() for k in ("name", "called") for w in _LISTS[k]["is"] if w.isascii() and len(w) >= 3)
    + r"|name|nm)[a-z0-9_]{0,6}|[一-龥ァ-ヶーおご]{0,4}(?:名前|芳名|者名|員名|患者|客様|スタッフ|メンバー|選手|担当|本人|이름|성명|[一-龥]者|[一-龥]員|姓|名)(?:\([^()\n]{1,10}\))?)"
    + _BACK
    + r"|(?:^|\n)[ ]{0,3}(?:name|employee|contact|patient|customer|member|student|client|full name)s? [a-z ]{2,30}[\r\n]"
    + "|氏名|姓名|이름|성명|имя|фио|pr[ée]nom|vorname|nachname|apellido|cognome|naam[,;:\t|]|患者|生徒|名義|お名前|社員|従業員|職員|契約者|応募者|利用者|申込者|会員|世帯主|退職者|園児|児童|学生|受講者|顧客名|宛名",
    "personal field": _words("birth", "salary", "health", "account", "private", "identity", "kana", "sex")
    + "|年齢|ご年齢|大学|学校|出身校|\\bage\\b|school|s[ée]curit[ée] sociale|premium|保険料|account[ _]?n|bank[ _]?account|date[ _]?of[ _]?birth|휴대|핸드폰|연락처|anschrift|住址|t[ée]l[ée]phone|adres|m[óo]vil|tel[ée]fono|handy|телефон|адрес|电话|手机|전화|telefon|phone|mobile|電話|携帯|住所|adresse|address|郵便番号|\\bzip|postcode|postal|stra(?:ss|ß)e|direcci|indirizzo",
    "field": (
        r"\bdob[ :]{1,3}[0-9]|\bpassport[ :#no.]{1,6}[a-z]{0,3}[0-9]{6}|(?:earns|salary of|wage of|is paid) [£$€¥]|"
        # nothing between the fields, as mainframes print them
        r"(?:19[3-9]|200)[0-9](?:0[1-9]|1[0-2])[0-3][0-9](?:[mf0-9 ]?0[1-9]0?[0-9]{8}|0[0-9]{5})"
        r"|[一-龥ァ-ヶー][ ]{0,30}(?:19[3-9]|200)[0-9](?:0[1-9]|1[0-2])[0-3][0-9][0-9]?(?:[^0-9]|$)|"
        r"[0-9]{1,3} ?[歳才]|(?:月給|年収|年俸|賞与|基本給)[^0-9\n]{0,4}[0-9]|[一-龥]{2,3}[ \t,:]?1[3-9][0-9]{9}(?:[^0-9]|$)"
        r"|[,;\t](?:19[3-9]|200)[0-9](?:0[1-9]|1[0-2])[0-3][0-9](?:[,;\t\r\n]|$)|"
        + _FRONT
        + r"[ ]{0,3}(?:"
        + _words("birth", "salary", "health", "account", "identity")
        + "|date[ _]of[ _]birth|account[ _]n"
        + r")[^\n\t,;|:=]{0,6}"
        + _BACK
        + "|"
        + HEADER
        + r"|[\t,;|\"' ][789]0[0-9]{8}(?:[\t,;|\"'\s]|$)|(?:19[3-9]|200)[0-9][/.\-年][01]?[0-9][/.\-月][0-9]|[0-9][./][01]?[0-9][./](?:19[3-9]|200)[0-9]|[昭平][和成][0-9元]{1,2}年"
        r"|[市区町村郡][^\n\t, ]{1,12}[0-9]|[\t,;|\" ][ァ-ヶー]{4,16}(?:[\t,;|\"\n\r ]|$)|[一-龥、][ァ-ヶー]{5,16}(?:[\n\r]|$)"
    ),
}
"""RE2 over folded text in lower case: where there may be a table of people. The first two only together."""
