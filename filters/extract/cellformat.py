"""How a spreadsheet shows a number: dates, percentages, leading zeros, and digits with signs between them (000-0000-0000).

Codes are those of Excel (ECMA-376 18.8.30 and 18.8.31, MS-XLS 2.4.126). What is shown matters: a birthday is kept as 31138,
a telephone number without its zero. Amounts stay as they are kept: neither rounded nor with commas.
"""

import re
from datetime import datetime, timedelta
from functools import lru_cache

_DAY = 'yyyy"/"mm"/"dd'
_EAST = 'yyyy"年"m"月"d"日"'
BUILT_IN = {
    9: "0%", 10: "0.00%", 14: _DAY, 15: "d-mmm-yy", 16: "d-mmm",
    17: "mmm-yy", 18: "h:mm AM/PM", 19: "h:mm:ss AM/PM", 20: "h:mm", 21: "h:mm:ss", 22: _DAY + " h:mm",
    27: _EAST, 28: _EAST, 29: _EAST, 30: _DAY, 31: _EAST, 32: "h:mm", 33: "h:mm:ss", 34: "h:mm", 35: "h:mm:ss", 36: _DAY,
    45: "mm:ss", 46: "[h]:mm:ss", 47: "mm:ss",
    50: _EAST, 51: _EAST, 52: 'yyyy"年"m"月"', 53: _EAST, 54: _EAST, 55: 'yyyy"年"m"月"', 56: _EAST, 57: _EAST, 58: _EAST,
}  # fmt: skip
"""Codes of formats that files only name by number; days in the order of the year, as no locale is known."""
LONG = 300
"""Characters of a code that are looked at; Excel allows 255."""
_EPOCH = datetime(1899, 12, 30)
_LAST = 2_958_466
"""The day after 9999-12-31."""
_ERAS = (
    (datetime(2019, 5, 1), "令和", "R"),
    (datetime(1989, 1, 8), "平成", "H"),
    (datetime(1926, 12, 25), "昭和", "S"),
    (datetime(1912, 7, 30), "大正", "T"),
    (datetime(1868, 1, 25), "明治", "M"),
)
_MONTHS = ("January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December")  # fmt: skip
_TOKEN = re.compile(
    r'"([^"]{0,80}+)"|\\(.)|_.|\*.|\[\$([^\]-]{0,40}+)[^\]]{0,40}+\]|\[(h{1,4}+|m{1,4}+|s{1,4}+)\]|\[[^\]]{0,40}+\]|(AM/PM|A/P|上午/下午)|(General)|'
    r"([0#?.,%/]|E[+-])|(y+|m+|d+|h+|s+|g+|e+|a{3,})|(.)",
    re.IGNORECASE | re.DOTALL,
)

Part = tuple[str, str]
"""(kind, what): text, elapsed, noon, general, date, digit."""


def plain(value: float) -> str:
    """A number as a cell without a format shows it: at most 15 digits."""
    if abs(value) < 1e17 and value == int(value):
        return str(int(value))
    return format(value, ".15g")


def shown(value: float, code: str, *, since_1904: bool = False) -> str:
    """A number as a cell with this format shows it."""
    sections = _sections(code[:LONG])
    section = sections[1] if value < 0 and len(sections) > 1 else sections[0]
    if not section or any(kind == "general" for kind, _ in section):
        return plain(value)
    if any(kind in ("date", "elapsed", "noon") for kind, _ in section):
        days = value + 1462 * since_1904
        return _date(days, section) if 0 <= days < _LAST else plain(value)
    if any(kind == "digit" and what == "%" for kind, what in section):
        return plain(value * 100) + "%"
    return _digits(value, section)


@lru_cache(maxsize=512)
def _sections(code: str) -> list[list[Part]]:
    parts: list[list[Part]] = [[]]
    for match in _TOKEN.finditer(code):
        quoted, escaped, currency, elapsed, noon, general, digit, date, other = match.groups()
        if other == ";":
            parts.append([])
            continue
        for kind, what in (
            ("text", quoted), ("text", escaped), ("text", currency), ("elapsed", elapsed), ("noon", noon),
            ("general", general), ("date", date), ("digit", digit), ("text", other),
        ):  # fmt: skip
            if what:
                parts[-1].append((kind, what.lower() if kind in ("date", "elapsed") else what))
    return parts


def _date(days: float, section: list[Part]) -> str:
    """A day or a time. A day that is not shown in full, or by the era, stands behind once more in full."""
    at = _EPOCH + timedelta(seconds=round(days * 86_400))
    noon = any(kind == "noon" for kind, _ in section)
    out, last = [], ""
    units = [what[0] for kind, what in section if kind in ("date", "elapsed")]
    index, parts = 0, set()
    for kind, what in section:
        if kind == "elapsed":
            out.append(str(int(days * {"h": 24, "m": 1440, "s": 86_400}[what[0]])).zfill(len(what)))
        elif kind == "noon":
            out.append("AM" if at.hour < 12 else "PM")
        elif kind == "date":
            minutes = what[0] == "m" and (last == "h" or units[index + 1 : index + 2] == ["s"])
            out.append(_unit(at, what, minutes, noon))
            parts.add("minutes" if minutes else what[:3] if what[0] in "my" else what[0])
        else:
            out.append(what)
        if kind in ("date", "elapsed"):
            last, index = what[0], index + 1
    day = parts - {"minutes", "h", "s"}
    if day and not (day & {"yyy"} and day & {"m", "mm"} and "d" in day):
        out.append(f" {at.year:04}/{at.month:02}/{at.day:02}")
    return "".join(out)


def _unit(at: datetime, what: str, minutes: bool, noon: bool) -> str:
    """A part of a date; `what` is the letter of the code as often as it stands there."""
    letter, size = what[0], len(what)
    era = next((e for e in _ERAS if at >= e[0]), _ERAS[-1])
    if letter == "y":
        return f"{at.year:04}" if size > 2 else f"{at.year % 100:02}"
    if letter == "g":
        return era[2] if size == 1 else era[1][: size - 1]
    if letter == "e":
        return str(at.year - era[0].year + 1).zfill(size)
    if letter == "a":
        return "月火水木金土日"[at.weekday()] + ("曜日" if size > 3 else "")
    if letter == "m" and not minutes:
        name = _MONTHS[at.month - 1]
        return name[:3] if size == 3 else name if size > 3 else str(at.month).zfill(size)
    if letter == "d" and size > 2:
        return at.strftime("%a" if size == 3 else "%A")
    hour = (at.hour % 12 or 12) if noon else at.hour
    value = {"m": at.minute, "d": at.day, "h": hour, "s": at.second}[letter]
    return str(value).zfill(min(size, 2))


def _digits(value: float, section: list[Part]) -> str:
    """A whole number with zeros before it, or with signs between its digits; others as they are."""
    signs = "".join(what for kind, what in section if kind == "digit")
    places = len(signs)
    if not 0 <= value < 1e15 or value != int(value) or signs.strip("0#") or places < 2:
        return plain(value)
    whole = str(int(value)).zfill(signs.count("0"))
    out: list[str] = []
    for kind, what in section:
        if kind != "digit":
            out.append(what)
            continue
        places -= 1
        cut = max(0, len(whole) - places)
        out.append(whole[:cut])
        whole = whole[cut:]
    return "".join(out)
