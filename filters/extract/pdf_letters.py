"""Words of a page whose letters are drawn one by one: spread out, one below the other, along an arc, at an angle, upside down
or in any order. That is how stamps get onto a PDF; PDFium then tells fragments and single letters, as far as it sees lines.

    closed(text)          words whose letters or pieces stand apart in the text, in the order in which they stand there
    in_place(text_page)   words of single letters by where they are on the page
"""

import ctypes
import math
import re
from collections.abc import Iterator, Sequence

import msgspec
import pypdfium2.raw as pdfium_c
from pypdfium2 import PdfTextPage

MOST = 400
"""Single letters that are put together; on a page with more, all of the text is drawn so."""
LONGEST = 20_000
"""Characters of a page that is looked through for them."""
_IDEOGRAPH = "[\u3041-\u30fe\u3400-\u9fff㊙]"
_KANJI = "[\u3400-\u9fff㊙]"
_APART = re.compile(
    rf"(?<!\S){_IDEOGRAPH}(?:[ \u3000]{{1,8}}{_IDEOGRAPH}){{1,40}}(?!\S)|(?<!\S)[A-Z](?:[ \u3000]{{1,4}}[A-Z]){{4,40}}(?!\S)"
)
_COLUMN = re.compile(rf"(?:^[ \t]*{_IDEOGRAPH}[ \t]*\r?\n){{1,40}}[ \t]*{_IDEOGRAPH}[ \t]*\r?$", re.MULTILINE)
_PIECES = re.compile(
    rf"^[ \t]*+(?:(?=(?:[ \u3000]*[A-Z]){{8}})[A-Z]{{1,5}}(?:[ \u3000]{{1,4}}[A-Z]{{1,5}}){{1,12}}|{_KANJI}{{1,3}}(?:[ \u3000]{{1,8}}{_KANJI}{{1,3}}){{1,4}})[ \t]*\r?$",
    re.MULTILINE,
)
"""A line of nothing but short pieces, as letters of different widths fall together."""
_STEPS = re.compile(
    r"(?:^[ \t]*[A-Z](?:[ \u3000]{1,4}[A-Z]){0,11}[ \t]*\r?\n){1,30}[ \t]*[A-Z](?:[ \u3000]{1,4}[A-Z]){0,11}[ \t]*\r?$",
    re.MULTILINE,
)
"""Lines of nothing but single letters."""
_PIECE = rf"(?:[^\W\d_]|[A-Z]{{2,5}}|{_IDEOGRAPH}{{2,3}})(?!\S)"
_LONE = re.compile(rf"(?<!\S){_PIECE}")
_TWO = re.compile(r"(?<!\S)[^\W\d_]\s{1,20}[^\W\d_][A-Z]{0,3}(?!\S)")
_RUN = re.compile(rf"(?<!\S)(?:{_PIECE}\s{{1,20}}){{3,200}}{_PIECE}")
"""Four pieces in a row or more: what is drawn one after the other stands together in the text."""
_LEAST = 4
_GAP = 3.0
"""In sizes of a letter: what is farther apart is no word."""


class _Letter(msgspec.Struct, frozen=True):
    """Where its line begins, which way it runs (degrees), how large it is."""

    char: str
    x: float
    y: float
    angle: int
    size: float


def is_spread(text: str) -> bool:
    """True where two single letters stand side by side: few pages have such, and to look for them is cheap."""
    return len(text) <= LONGEST and _TWO.search(text) is not None


def closed(text: str, *, spread: bool = True) -> list[str]:
    """Words whose letters are set apart (社 外 秘), fall into pieces (CONFI DENTI AL) or stand one below the other; `spread`
    is what `is_spread` says."""
    patterns = (_APART, _COLUMN, _PIECES, *((_STEPS,) if spread else ()))
    found = ["".join(match[0].split()) for pattern in patterns for match in pattern.finditer(text)]
    return list(dict.fromkeys(found))


def backwards(words: Sequence[str]) -> list[str]:
    """The words as a page on its head has them."""
    return [word[::-1] for word in words]


def in_place(text_page: PdfTextPage, text: str) -> list[str]:
    """The words that single letters make where they are: along lines of any direction, and down columns. `text` is the
    page's, as PDFium tells it."""
    lone = [m for run in _RUN.finditer(text) for m in _LONE.finditer(text, *run.span())]
    letters = list(_single(text_page, text, lone))
    if not _LEAST <= len(letters) <= MOST:
        return []
    words: list[str] = []
    for angle in {letter.angle for letter in letters}:
        same = [letter for letter in letters if _turn(letter.angle, angle) <= 6]
        for direction in (angle, angle - 90):
            words += _along(same, math.radians(direction))
    return list(dict.fromkeys(word for word in words if len(word) >= _LEAST))


def _single(text_page: PdfTextPage, text: str, lone: Sequence["re.Match[str]"]) -> Iterator[_Letter]:
    """The letters beside which nothing stands, or only a few capitals or ideographs."""
    raw = text_page.raw
    x, y = ctypes.c_double(), ctypes.c_double()
    for at in (at for match in lone for at in range(*match.span())):
        n, char = pdfium_c.FPDFText_GetCharIndexFromTextIndex(raw, at), text[at]
        if pdfium_c.FPDFText_GetCharOrigin(raw, n, x, y):
            # PDFium counts clockwise.
            turned = -math.degrees(max(0.0, pdfium_c.FPDFText_GetCharAngle(raw, n)))
            yield _Letter(char, x.value, y.value, round(turned) % 360, _size(raw, n))


def _size(raw: object, n: int) -> float:
    """The longer side of its box: the size that a font says may be 1, enlarged by the page."""
    left, right, bottom, top = (ctypes.c_double() for _ in range(4))
    if not pdfium_c.FPDFText_GetCharBox(raw, n, left, right, bottom, top):
        return 0.0
    return max(abs(right.value - left.value), abs(top.value - bottom.value))


def _turn(one: int, other: int) -> int:
    """Degrees between two directions."""
    between = abs(one - other) % 360
    return min(between, 360 - between)


def _along(letters: Sequence[_Letter], direction: float) -> Iterator[str]:
    """The words on lines of a direction, each once."""
    ahead, aside = (math.cos(direction), math.sin(direction)), (-math.sin(direction), math.cos(direction))
    places = sorted(
        (
            (letter.x * aside[0] + letter.y * aside[1], letter.x * ahead[0] + letter.y * ahead[1], letter)
            for letter in letters
        ),
        key=lambda place: place[:2],
    )
    line: list[tuple[float, float, _Letter]] = []
    for place in [*places, None]:
        if place is None or (line and place[0] - line[-1][0] > 0.5 * max(place[2].size, 1.0)):
            yield from _words(
                sorted(((along, letter) for _, along, letter in line), key=lambda each: each[0])
            )
            line = []
        if place is not None:
            line.append(place)


def _words(line: Sequence[tuple[float, _Letter]]) -> Iterator[str]:
    """The letters of a line, parted where a gap is too wide; one drawn twice in a place (bold) is one."""
    word, before = "", None
    for along, letter in line:
        if before is not None:
            gap = along - before[0]
            if gap > _GAP * max(letter.size, before[1].size, 1.0):
                yield word
                word = ""
            elif letter.char == before[1].char and gap < 0.15 * letter.size:
                continue
        word += letter.char
        before = (along, letter)
    yield word
