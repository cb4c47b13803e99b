"""A form of a table: its headings, how a row comes about, what it is sent in."""

import datetime
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from random import Random

from tests.judged.files import Cell
from tests.judged.people import Person

_EPOCH = datetime.date(1899, 12, 30)


@dataclass(frozen=True)
class Form:
    """`row` makes cells of an invented person; `container` makes a mail of headings, rows and an addressee."""

    kind: str
    heads: Sequence[str]
    row: Callable[[Person, Random], Sequence[Cell]]
    container: Callable[[Sequence[str], Sequence[Sequence[Cell]], tuple[str, str]], bytes]
    doubt: str = ""


def hyphens(number: str, area: int = 3) -> str:
    """090-1234-5678 or, with `area` 2, 03-1234-5678."""
    return f"{number[:area]}-{number[area : area + 4]}-{number[area + 4 :]}"


def lost(number: str) -> int:
    """As a numeric cell: the zero in front is gone."""
    return int(number)


def day(date: tuple[int, int, int], by: str = "/") -> str:
    """1978/3/9, or 1978-03-09 with hyphens."""
    year, month, of = date
    return f"{year}-{month:02d}-{of:02d}" if by == "-" else f"{year}{by}{month}{by}{of}"


def reign(date: tuple[int, int, int]) -> str:
    """昭和53年3月9日, without care for the days on which a reign changed."""
    year, month, of = date
    name, first = ("昭和", 1925) if year < 1989 else ("平成", 1988)
    return f"{name}{year - first}年{month}月{of}日"


def serial(date: tuple[int, int, int]) -> int:
    """A date as Excel keeps it: days."""
    return (datetime.date(*date) - _EPOCH).days


def said(draw: Random, digits: int) -> str:
    """So many digits."""
    return "".join(str(draw.randint(0, 9)) for _ in range(digits))


_SMALL = {unicodedata.normalize("NFKC", chr(c)): chr(c) for c in range(0xFF66, 0xFF9E)}


def half_width(kana: str) -> str:
    """Katakana as half-width forms, voiced marks apart (JIS X 0201)."""
    apart = unicodedata.normalize("NFD", kana).replace("\u3099", "ﾞ").replace("\u309a", "ﾟ")
    return "".join(_SMALL.get(letter, letter) for letter in apart)
