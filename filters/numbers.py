"""Numbers of people that can be checked: My Number (個人番号) and payment cards.

A check digit alone is weak: one random number in ten passes. Therefore a My Number needs a keyword nearby or
company (behaviours 1.8.3), a card its issuer's range, length, grouping and clean borders (1.8.4).
"""

import re
from itertools import pairwise

NUMBERS = re.compile(r"[0-9](?=[0-9 .\-‐‑–−ー]{11})(?:[ .\-‐‑–−ー]?[0-9]){11,}")
"""Where a number may stand, in folded text: twelve digits or more with at most one separator between two."""

_ANY_SEPARATOR = re.compile(r"[ .\-‐‑–−ー]")
_FIRM_SEPARATOR = re.compile(r"[.\-‐‑–−ー]")
_GROUPS = re.compile(r"[0-9]+")
_BORDER = re.compile(r"[0-9a-z_@]")

KEYWORDS = re.compile(
    r"マイ\s*ナンバー|個\s*人\s*番\s*号|特定個人情報|社会保障[・･]?税番号|my\s?number|individual\s?number"
)
NEAR = 300
"""How far a keyword may stand from a My Number, in characters."""

CARD_RANGES: tuple[tuple[int, int, frozenset[int]], ...] = (
    (340000, 349999, frozenset({15})),  # American Express
    (370000, 379999, frozenset({15})),
    (300000, 305999, frozenset({14})),  # Diners Club
    (309500, 309599, frozenset({14})),
    (360000, 369999, frozenset({14})),
    (380000, 399999, frozenset({14})),
    (352800, 358999, frozenset({16})),  # JCB
    (400000, 499999, frozenset({13, 16, 19})),  # Visa
    (510000, 559999, frozenset({16})),  # Mastercard
    (222100, 272099, frozenset({16})),
    (601100, 601199, frozenset({16, 19})),  # Discover
    (644000, 659999, frozenset({16, 19})),
    (620000, 629999, frozenset({16, 17, 18, 19})),  # UnionPay
)
_CARD_GROUPS = {
    (4, 4, 4, 4), (4, 6, 5), (4, 6, 4), (4, 4, 4, 1), (4, 4, 4, 4, 3), (4, 4, 4, 4, 1), (4, 4, 4, 4, 2), (6, 13),
}  # fmt: skip


def my_number(digits: str) -> bool:
    """True when twelve digits satisfy the check digit (行政手続における特定の個人を識別する番号… 施行令, 総務省令第85号 §5)."""
    if len(digits) != 12 or not digits.isascii() or not digits.isdigit() or len(set(digits)) == 1:
        return False
    total = sum(int(digits[11 - n]) * (n + 1 if n <= 6 else n - 5) for n in range(1, 12))
    rest = total % 11
    return int(digits[11]) == (0 if rest <= 1 else 11 - rest)


def luhn(digits: str) -> bool:
    """True when the digits satisfy the Luhn formula (ISO/IEC 7812-1 annex B)."""
    total = 0
    for place, digit in enumerate(reversed(digits)):
        value = int(digit) * (2 if place % 2 else 1)
        total += value - 9 if value > 9 else value
    return total % 10 == 0


def card(digits: str) -> bool:
    """True for a number of a payment card: issuer's range, its length, and the Luhn formula."""
    if not 13 <= len(digits) <= 19 or len(set(digits)) == 1:
        return False
    prefix = int(digits[:6])
    return any(lo <= prefix <= hi and len(digits) in lengths for lo, hi, lengths in CARD_RANGES) and luhn(
        digits
    )


def candidates(text: str, start: int, end: int) -> list[tuple[str, str, int]]:
    """("my_number" | "card", digits, offset) of what stands in a stretch found by NUMBERS.

    Digits belong together when they are written without separators, or in the usual groups with one and the
    same separator; what borders on more digits or letters is part of something else.
    """
    groups = [(m[0], m.start()) for m in _GROUPS.finditer(text, start, end)]
    found: list[tuple[str, str, int]] = []
    for first in range(len(groups)):
        for last in range(first, min(first + 5, len(groups))):
            run = groups[first : last + 1]
            digits = "".join(g for g, _ in run)
            if len(digits) > 19:
                break
            shape = tuple(len(g) for g, _ in run)
            if len(digits) == 12 and shape in ((12,), (4, 4, 4)):
                if my_number(digits) and _clean(text, run, blank_joins=shape != (12,)):
                    found.append(("my_number", digits, run[0][1]))
            elif (len(shape) == 1 or shape in _CARD_GROUPS) and card(digits) and _clean(text, run):
                found.append(("card", digits, run[0][1]))
    return found


def _clean(text: str, run: list[tuple[str, int]], *, blank_joins: bool = False) -> bool:
    """True when one separator joins the run and no number or word goes on before or behind it.

    A blank parts columns and words, so it ends a number unless `blank_joins` (four digits of a card would
    otherwise leave a My Number behind).
    """
    between = {text[a + len(g) : b] for (g, a), (_, b) in pairwise(run)}
    if len(between) > 1 or any(len(s) != 1 for s in between):
        return False
    start, end = run[0][1], run[-1][1] + len(run[-1][0])
    before, behind = text[max(0, start - 2) : start], text[end : end + 2]
    if _BORDER.match(before[-1:]) or _BORDER.match(behind):
        return False
    joins = _ANY_SEPARATOR if blank_joins else _FIRM_SEPARATOR
    goes_on = joins.match(before[-1:]) and before[:1].isdigit() and len(before) == 2
    return not goes_on and not (joins.match(behind) and behind[1:].isdigit())


def masked(digits: str) -> str:
    """The number as evidence shows it: only the last four digits."""
    return "*" * (len(digits) - 4) + digits[-4:]
