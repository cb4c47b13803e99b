"""Marks whose letters are drawn one by one, in whatever order, direction and grouping of PDFium's, are words."""

import math
import random
from collections.abc import Callable

import pytest

from filters.extract import Budget, Extracted, extract
from filters.extract.pdf_letters import backwards, closed
from tests.filters.mails import attached, findings

WORD = "CONFIDENTIAL"


def document(content: str) -> bytes:
    """A page of this content, in Helvetica."""
    stream = content.encode()
    objects = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 600 800]/Contents 4 0 R/Resources<</Font<</F1 5 0 R>>>>>>",
        b"<</Length %d>>stream\n%s\nendstream" % (len(stream), stream),
        b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>",
    ]
    out, places = b"%PDF-1.4\n", []
    for number, each in enumerate(objects, 1):
        places.append(len(out))
        out += b"%d 0 obj%sendobj\n" % (number, each)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    return out + b"xref\n0 6\n0000000000 65535 f \n%strailer<</Size 6/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF" % (table, len(out))  # fmt: skip


def read(content: bytes) -> Extracted:
    return extract("a.pdf", "", content, Budget())


Place = Callable[[int], tuple[float, float, float]]
"""Number of a letter -> where its line begins, and its direction in degrees."""


def line(angle: int, gap: float) -> Place:
    turn = math.radians(angle)
    return lambda n: (300 + (n - 6) * gap * math.cos(turn), 400 + (n - 6) * gap * math.sin(turn), angle)


def arc(radius: float) -> Place:
    def place(n: int) -> tuple[float, float, float]:
        at = math.radians(150 - n * 10)
        return 300 + radius * math.cos(at), 400 + radius * math.sin(at), 60 - n * 10

    return place


def drawn(place: Place, order: str = "", word: str = WORD) -> str:
    numbers = list(range(len(word)))
    if order == "backwards":
        numbers.reverse()
    elif order == "anyhow":
        random.Random(1).shuffle(numbers)
    said = []
    for n in numbers:
        x, y, angle = place(n)
        cos, sin = math.cos(math.radians(angle)), math.sin(math.radians(angle))
        said.append(
            f"BT /F1 24 Tf {cos:.4f} {sin:.4f} {-sin:.4f} {cos:.4f} {x:.2f} {y:.2f} Tm ({word[n]}) Tj ET"
        )
    return "\n".join(said)


LETTER = "\n".join(
    f"BT /F1 11 Tf 1 0 0 1 60 {700 - n * 14} Tm (Dear Ms Sato, please find the plan of the year, part {n} of it.) Tj ET"
    for n in range(30)
)


@pytest.mark.parametrize("order", ["", "backwards", "anyhow"])
@pytest.mark.parametrize("angle", [0, 30, 45, 90, 180, 270, 315])
@pytest.mark.parametrize("gap", [14, 18, 26, 40])
def test_along_a_line(angle: int, gap: float, order: str) -> None:
    for beside in ("", LETTER):
        found = read(document(beside + "\n" + drawn(line(angle, gap), order)))
        assert any(WORD in text for _, text in found.texts), found.texts


@pytest.mark.parametrize("radius", [40, 80, 150, 300])
def test_along_an_arc(radius: float) -> None:
    found = read(document(LETTER + "\n" + drawn(arc(radius))))
    assert any(WORD in text for _, text in found.texts)


def test_down_a_column() -> None:
    found = read(document(drawn(lambda n: (100, 760 - n * 30, 0))))
    assert any(WORD in text for _, text in found.texts)


def test_letters_drawn_twice_are_bold() -> None:
    twice = (
        drawn(line(30, 26))
        + "\n"
        + drawn(lambda n: (line(30, 26)(n)[0] + 0.6, *line(30, 26)(n)[1:]), "anyhow")
    )
    assert any(WORD in text for _, text in read(document(twice)).texts)


def test_it_is_a_mark() -> None:
    raw = attached(("plan.pdf", document(LETTER + "\n" + drawn(line(45, 26), "anyhow"))))
    assert findings("confidential_attachment", raw)


def test_an_ordinary_page_gets_no_words() -> None:
    (text,) = [text for _, text in read(document(LETTER)).texts]
    assert len(text.splitlines()) == 30


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("社 外 秘", ["社外秘"]),
        ("社\n外\n秘\n", ["社外秘"]),
        ("社外 秘", ["社外秘"]),
        ("CONFI DENTI AL", [WORD]),
        ("C O N F I\nD E N T I\nA L", [WORD]),
        ("LAITNEDIFNOC", []),
        ("L AI TNEDI FNOC", [WORD]),
        ("This is a sentence.\nOK", []),
        ("A B C", []),
    ],
)
def test_pieces_are_put_together(text: str, words: list[str]) -> None:
    found = closed(text)
    found += backwards(found)
    assert set(words) <= set(found)
    if not words:
        assert WORD not in found
