"""People's numbers with check digits: My Number (個人番号) and payment cards.

A check digit alone is weak: one random number in ten passes. What is here is shape; what stands around a number
decides (filters/detect/number_context.py).
"""

import re
from collections.abc import Iterator
from operator import methodcaller, mul

_SEPARATORS = r" .\-‐‑–−ー"
NUMBERS = re.compile(rf"[0-9][0-9{_SEPARATORS}]{{10,}}[0-9]")
"""Where a folded text may contain a long number: digits and separators; `candidates` looks closer."""

_ANY_SEPARATOR = re.compile(r"[ .\-‐‑–−ー]")
_FIRM_SEPARATOR = re.compile(r"[.\-‐‑–−ー]")
_BEGUN = re.compile(
    rf"(?<![0-9])(?=(?:[0-9]{{12,19}}|[0-9]{{6}}[{_SEPARATORS}][0-9]{{13}}"
    rf"|[0-9]{{4}}[{_SEPARATORS}](?:[0-9]{{4}}|[0-9]{{6}})[{_SEPARATORS}][0-9]{{4,5}})(?![0-9]))"
)
"""Where a number may begin, by the lengths of its first groups."""
_RUN = re.compile(rf"[0-9]+(?:([{_SEPARATORS}])[0-9]+(?:\1[0-9]+){{0,3}})?")
BEFORE, LONGEST = 12, 40
"""Characters in front of a number's beginning, and from there on, that decide whether it is one."""
_TRACK = "%b"
"""In front of the number on a magnetic stripe (ISO/IEC 7813)."""
_BORDER = re.compile(r"[0-9a-z_@]")
_NAME_ATTACHED = re.compile(
    r"(?:(?<![a-z])(?:card|visa|jcb|amex|master(?:card)?|diners|cc|pan|no)|カード)_?\Z|(?<![0-9a-z_])_\Z"
)
"""A name that is written on to a card number without a blank: VISA4111…, No4111…"""
_MINE_ATTACHED = re.compile(r"(?:番号|ナンバー|個番|マイナ)_\Z|(?:my_?num(?:ber)?|kojin_?bang?o)_?\Z")
_EXPIRY_ATTACHED = re.compile(
    r"(?:exp|cvv|cvc)(?![a-z])|_(?![0-9a-z_])| (?:0[1-9]|1[0-2])/[2-4][0-9](?![0-9/])"
)
"""When a card expires, right behind it; it is no further group."""

_LONG = range(12, 20)
CARD_RANGES: tuple[tuple[int, int, frozenset[int]], ...] = (
    (340000, 349999, frozenset({15})),  # American Express
    (370000, 379999, frozenset({15})),
    (300000, 305999, frozenset({14, 16})),  # Diners Club
    (309500, 309599, frozenset({14, 16})),
    (360000, 369999, frozenset({14, 16})),
    (380000, 399999, frozenset({14, 16})),
    (352800, 358999, frozenset({16, 19})),  # JCB
    (100000, 199999, frozenset({15})),  # UATP; JCB 1800
    (213100, 213199, frozenset({15})),
    (400000, 499999, frozenset({13, 16, 19})),  # Visa
    (510000, 559999, frozenset({16})),  # Mastercard
    (222100, 272099, frozenset({16})),
    (601100, 601199, frozenset({16, 19})),  # Discover
    (644000, 659999, frozenset({16, 19})),
    (620000, 629999, frozenset({16, 17, 18, 19})),  # UnionPay
    (810000, 817199, frozenset({16, 17, 18, 19})),
    (500000, 509999, frozenset(_LONG)),  # Maestro, Elo, Verve, RuPay
    (560000, 599999, frozenset(_LONG)),
    (600000, 699999, frozenset(_LONG)),
    (220000, 220499, frozenset({16, 17, 18, 19})),  # Mir
    (820000, 829999, frozenset({16})),  # RuPay
    (860000, 860099, frozenset({16})),  # UzCard
    (979200, 979299, frozenset({16})),  # Troy
)
"""(first, last, lengths) by the six digits in front: the issuers' own tables, ISO/IEC 7812-2."""
_BY_TWO = {
    str(two): tuple(r for r in CARD_RANGES if r[0] // 10_000 <= two <= r[1] // 10_000)
    for two in range(10, 100)
}
"""The ranges by the first two digits."""
_FIRM = (
    "34",
    "37",
    "35",
    "4",
    "51",
    "52",
    "53",
    "54",
    "55",
    "22",
    "23",
    "24",
    "25",
    "26",
    "27",
    "6011",
    "64",
    "65",
    "62",
)
"""Beginnings of those that are cards more often than anything else, at the lengths of most cards."""
_CARD_GROUPS = {
    (4, 4, 4, 4), (4, 6, 5), (4, 6, 4), (4, 4, 4, 1), (4, 4, 4, 4, 3), (4, 4, 4, 4, 1), (4, 4, 4, 4, 2), (6, 13), (4, 4, 4),
    (4, 4, 5), (4, 4, 4, 2), (4, 4, 4, 3),
}  # fmt: skip


def my_number(digits: str) -> bool:
    """True when twelve digits satisfy the check digit (行政手続における特定の個人を識別する番号… 施行令, 総務省令第85号 §5)."""
    if len(digits) != 12 or not digits.isascii() or not digits.isdigit() or len(set(digits)) == 1:
        return False
    rest = sum(map(mul, map(int, digits[:11]), (6, 5, 4, 3, 2, 7, 6, 5, 4, 3, 2))) % 11
    return int(digits[11]) == (0 if rest <= 1 else 11 - rest)


def corporate_number(digits: str) -> bool:
    """True when thirteen digits satisfy the check digit of 法人番号, the first one (法人番号の指定等に関する省令 §2)."""
    if len(digits) != 13 or not digits.isascii() or not digits.isdigit() or len(set(digits)) == 1:
        return False
    total = sum(int(digits[13 - n]) * (1 if n % 2 else 2) for n in range(1, 13))
    return int(digits[0]) == 9 - total % 9


def driver_licence(digits: str) -> bool:
    """True when twelve digits may be a driver's licence: the police's region and the check digit in the
    eleventh place."""
    if len(digits) != 12 or not digits.isascii() or not digits.isdigit() or digits[:2] not in _REGIONS:
        return False
    total = sum(int(d) * w for d, w in zip(digits, (5, 4, 3, 2, 7, 6, 5, 4, 3, 2), strict=False))
    return int(digits[10]) == (11 - total % 11) % 10


_REGIONS = frozenset(
    [
        "00",
        "10",
        "11",
        "12",
        "13",
        "14",
        "20",
        "21",
        "22",
        "23",
        "24",
        "25",
        "30",
        "40",
        "41",
        "42",
        "43",
        "44",
        "45",
        "46",
        "47",
        "48",
        "49",
        "50",
        "51",
        "52",
        "53",
        "54",
        "55",
        "60",
        "61",
        "62",
        "63",
        "64",
        "65",
        "70",
        "71",
        "72",
        "73",
        "74",
        "80",
        "81",
        "82",
        "83",
        "90",
        "91",
        "92",
        "93",
        "94",
        "95",
        "96",
        "97",
    ]
)


def insurer(digits: str) -> bool:
    """True when six or eight digits satisfy the check digit of 保険者番号 (weights 2, 1 from the right: Luhn)."""
    return (
        len(digits) in (6, 8)
        and digits.isascii()
        and digits.isdigit()
        and len(set(digits)) > 1
        and luhn(digits)
    )


def luhn(digits: str) -> bool:
    """True when the digits satisfy the Luhn formula (ISO/IEC 7812-1 annex B)."""
    doubled = map((0, 2, 4, 6, 8, 1, 3, 5, 7, 9).__getitem__, map(int, digits[-2::-2]))
    return (sum(map(int, digits[-1::-2])) + sum(doubled)) % 10 == 0


def card(digits: str) -> bool:
    """True for a payment card number: issuer's range and length, and the Luhn formula."""
    if not 12 <= len(digits) <= 19 or len(set(digits)) == 1:
        return False
    prefix = int(digits[:6])
    for lo, hi, lengths in _BY_TWO.get(digits[:2], ()):
        if lo <= prefix <= hi and len(digits) in lengths:
            return luhn(digits)
    return False


def firm(digits: str) -> bool:
    """True for a card of the common kinds: at their usual length, in a range that little else falls in."""
    if len(digits) == 14:
        return digits.startswith(("30", "36", "38"))
    return len(digits) in (15, 16) and digits.startswith(_FIRM)


def article(digits: str) -> bool:
    """True for what is an article number of Japan (JAN, GS1 General Specifications §7.9) as well."""
    if len(digits) != 13 or digits[:2] not in ("45", "49"):
        return False
    return sum(int(d) * (3 if place % 2 else 1) for place, d in enumerate(digits)) % 10 == 0


def card_shaped(shape: tuple[int, ...]) -> bool:
    """True for the lengths of groups in which card numbers are printed; digits that stand one by one are such."""
    return shape in _CARD_GROUPS or shape == (8, 8) or (len(shape) in _LONG and set(shape) == {1})


def beginnings(text: str, start: int = 0, end: int | None = None) -> Iterator[int]:
    """Where numbers may begin in a folded text; `candidates` looks closer. Nothing is done in Python for other groups."""
    return map(methodcaller("start"), _BEGUN.finditer(text, start, len(text) if end is None else end))


def candidates(text: str, start: int) -> list[tuple[str, str, int]]:
    """("my_number" | "card", digits, offset) of the numbers that begin at one of the `beginnings`.

    Digits belong together if they are written without separators, or in the usual groups with one and the
    same separator; next to more digits or letters they are part of something else. Twelve digits can be both.
    """
    found: list[tuple[str, str, int]] = []
    run = _RUN.match(text, start)
    if run is None:
        return found
    digits, end = "", start - 1
    shape: tuple[int, ...] = ()
    for group in run[0].split(run[1]) if run[1] else (run[0],):
        digits, shape, end = digits + group, (*shape, len(group)), end + 1 + len(group)
        if len(digits) > 19:
            break
        if len(digits) < 12:
            continue
        if (
            shape in ((12,), (4, 4, 4))
            and my_number(digits)
            and _clean(text, start, end, joins=len(shape) == 3)
        ):
            found.append(("my_number", digits, start))
        if (
            (len(shape) == 1 or shape in _CARD_GROUPS)
            and card(digits)
            and _clean(text, start, end, joins=shape == (4, 4, 4), of_card=True)
        ):
            found.append(("card", digits, start))
    return found


def _clean(text: str, start: int, end: int, *, joins: bool, of_card: bool = False) -> bool:
    """True when no number or word continues before or after what stands there.

    A blank separates columns and words, so it ends a number unless it `joins` (otherwise four digits of a
    card would leave a My Number behind). Its name may be written on to a card's (`of_card`), and when it expires.
    """
    before, behind = text[max(0, start - 2) : start], text[end : end + 2]
    attached = _NAME_ATTACHED if of_card else _MINE_ATTACHED
    begun = before == _TRACK or attached.search(text, max(0, start - BEFORE), start)
    ended = of_card and _EXPIRY_ATTACHED.match(text, end)
    if (_BORDER.match(before[-1:]) and not begun) or (_BORDER.match(behind) and not ended):
        return False
    goes_on = _ANY_SEPARATOR if joins else _FIRM_SEPARATOR
    if goes_on.match(before[-1:]) and before[:1].isdigit() and len(before) == 2:
        return False
    return not (goes_on.match(behind) and behind[1:].isdigit() and not ended)


def masked(digits: str) -> str:
    """The number as shown in evidence: only its last four digits, fewer of a short one."""
    shown = min(4, len(digits) // 3)
    return "*" * (len(digits) - shown) + digits[len(digits) - shown :]
